using System.Net;

namespace Hrms.TestKit;

/// <summary>An answer's content that is heard while it is read, as it comes: nothing waits for its end.</summary>
internal sealed class HeardContent : HttpContent
{
    // Errors are short; of what is longer the beginning is heard.
    private const int BytesHeard = 256 * 1024;
    private readonly HttpContent _inner;
    private readonly Action<ReadOnlyMemory<byte>> _heard;

    /// <param name="heard">Gets what was read, when its end is.</param>
    public HeardContent(HttpContent inner, Action<ReadOnlyMemory<byte>> heard)
    {
        (_inner, _heard) = (inner, heard);
        foreach (var (name, values) in inner.Headers.NonValidated)
            Headers.TryAddWithoutValidation(name, values);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var content = await CreateContentReadStreamAsync(cancellationToken);
        await content.CopyToAsync(stream, cancellationToken);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var content = new Heard(_inner.ReadAsStream(cancellationToken), _heard);
        content.CopyTo(stream);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => new Heard(await _inner.ReadAsStreamAsync(cancellationToken), _heard);

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Heard(Stream inner, Action<ReadOnlyMemory<byte>> heard) : Stream
    {
        private readonly MemoryStream _kept = new();
        private bool _isTold;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Keep(buffer.AsSpan(offset, count), inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            return Keep(buffer.Span, count);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                Tell();
                inner.Dispose();
            }
            base.Dispose(disposing);
        }

        private int Keep(ReadOnlySpan<byte> buffer, int count)
        {
            _kept.Write(buffer[..Math.Min(count, Math.Max(0, BytesHeard - (int)_kept.Length))]);
            if (count == 0 && buffer.Length > 0)
                Tell();
            return count;
        }

        private void Tell()
        {
            if (_isTold)
                return;
            _isTold = true;
            heard(_kept.GetBuffer().AsMemory(0, (int)_kept.Length));
        }
    }
}
