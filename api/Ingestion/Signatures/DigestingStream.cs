using System.Security.Cryptography;

namespace Hrms.Api.Ingestion.Signatures;

/// <summary>What comes through it, as it is; and the SHA-256 of it. Read from start to end, once.</summary>
internal sealed class DigestingStream(Stream source) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    /// <summary>Whether all of the source, what nobody has read yet included, has this digest.</summary>
    public async ValueTask<bool> EndsWithAsync(byte[] digest, CancellationToken cancellationToken)
    {
        var rest = new byte[4_096];
        while (await ReadAsync(rest, cancellationToken) > 0)
        {
        }
        return CryptographicOperations.FixedTimeEquals(_hash.GetHashAndReset(), digest);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
