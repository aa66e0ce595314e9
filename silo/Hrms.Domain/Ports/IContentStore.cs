namespace Hrms.Domain.Ports;

/// <summary>Reads sealed content by its hash. Written only together with the events that name it (<see cref="IJournal.AppendAsync"/>).</summary>
public interface IContentStore
{
    /// <summary>The contents that exist, in the order asked for; a missing one is null.</summary>
    Task<IReadOnlyList<SealedContent?>> ReadAsync(StreamId stream, IReadOnlyList<byte[]> hashes, CancellationToken cancellationToken);
}
