namespace Hrms.Domain.Ports;

/// <summary>Reads sealed content by its hash. Written only together with the events that name it (<see cref="IJournal.AppendAsync"/>).</summary>
public interface IContentStore
{
    /// <summary>The contents that exist, in the order asked for; a missing one is null.</summary>
    Task<IReadOnlyList<SealedContent?>> ReadAsync(StreamId stream, IReadOnlyList<byte[]> hashes, CancellationToken cancellationToken);

    /// <summary>How many bytes each has as it is sealed, in the order asked for; 0 for a missing one. Reads none of them.</summary>
    Task<IReadOnlyList<long>> SizesAsync(StreamId stream, IReadOnlyList<byte[]> hashes, CancellationToken cancellationToken);
}
