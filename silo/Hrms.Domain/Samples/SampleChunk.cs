using System.Buffers;
using System.IO.Compression;
using Hrms.Contracts;

namespace Hrms.Domain.Samples;

/// <summary>
/// Samples of one kind as bytes, to be sealed and stored by the device's grain. Written once and superseded, never changed; a new format
/// gets a new number.
/// <code>format (1) ‖ kind ‖ decimals (see SampleColumns) ‖ packing (0 as is, 1 deflate) ‖ body length ‖ body</code>
/// </summary>
public static class SampleChunk
{
    /// <summary>Most samples in one chunk: a day at one a second fits, and opening one takes a few milliseconds.</summary>
    public const int SamplesMax = 131_072;

    private const byte Format = 1, AsIs = 0, Deflated = 1;
    private const int HeaderBytes = 4;

    /// <exception cref="ArgumentException">No sample, or more than <see cref="SamplesMax"/>.</exception>
    public static byte[] Encode(SampleKind kind, SampleRun run)
    {
        if (run.Count is 0 or > SamplesMax)
            throw new ArgumentException($"A chunk holds 1 to {SamplesMax} samples, not {run.Count}: see ChunkPlan.Split.", nameof(run));
        var rented = ArrayPool<byte>.Shared.Rent(SampleColumns.BytesMax(run.Count));
        try
        {
            var decimals = SampleColumns.Decimals(run.Values.Span);
            return Pack([Format, (byte)kind, decimals], rented.AsSpan(0, SampleColumns.Write(run, decimals, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true); // it held health data in the clear
        }
    }

    /// <exception cref="SampleChunkBrokenException">The bytes are not a whole chunk of <paramref name="kind"/>.</exception>
    public static SampleRun Decode(SampleKind kind, byte[] chunk)
    {
        if (chunk.Length < HeaderBytes) throw new SampleChunkBrokenException("is shorter than its header");
        if (chunk[0] != Format) throw new SampleChunkBrokenException($"has format {chunk[0]}; this program reads format {Format}");
        if (chunk[1] != (byte)kind) throw new SampleChunkBrokenException($"is of kind {chunk[1]}, not {(byte)kind} ({kind})");
        return SampleColumns.Read(Unpack(chunk), decimals: chunk[2]);
    }

    private static byte[] Pack(ReadOnlySpan<byte> start, ReadOnlySpan<byte> body)
    {
        Span<byte> length = stackalloc byte[VarIntWriter.BytesMax];
        var writer = new VarIntWriter(length);
        writer.Write((ulong)body.Length);
        length = length[..writer.Length];

        using var deflated = new MemoryStream(body.Length / 2);
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write(body);
        return deflated.Length < body.Length
            ? [.. start, Deflated, .. length, .. deflated.GetBuffer().AsSpan(0, (int)deflated.Length)]
            : [.. start, AsIs, .. length, .. body];
    }

    private static byte[] Unpack(byte[] chunk)
    {
        var reader = new VarIntReader(chunk.AsSpan(HeaderBytes));
        var length = reader.Read();
        if (length > (ulong)SampleColumns.BytesMax(SamplesMax)) throw new SampleChunkBrokenException($"claims a body of {length} bytes");
        var packed = HeaderBytes + reader.Position;
        return chunk[3] switch
        {
            AsIs when chunk.Length - packed == (int)length => chunk[packed..],
            AsIs => throw new SampleChunkBrokenException($"has {chunk.Length - packed} bytes of a body of {length}"),
            Deflated => Inflate(new MemoryStream(chunk, packed, chunk.Length - packed, writable: false), (int)length),
            var other => throw new SampleChunkBrokenException($"has packing {other}"),
        };
    }

    private static byte[] Inflate(Stream packed, int length)
    {
        // The claimed length is not believed before the bytes are there: a broken chunk of 20 bytes takes no megabytes.
        using var inflate = new DeflateStream(packed, CompressionMode.Decompress);
        var body = new byte[Math.Min(length, 64 * packed.Length + 64)];
        var at = 0;
        try
        {
            while (true)
            {
                at += inflate.ReadAtLeast(body.AsSpan(at), body.Length - at, throwOnEndOfStream: false);
                if (at < body.Length || body.Length == length) break;
                Array.Resize(ref body, Math.Min(length, 4 * body.Length));
            }
            if (at < length || inflate.ReadByte() >= 0) throw new SampleChunkBrokenException($"does not inflate to {length} bytes");
            return body;
        }
        catch (InvalidDataException broken)
        {
            throw new SampleChunkBrokenException("does not inflate", broken);
        }
    }
}

/// <summary>A chunk that opened is not a chunk: written by a newer program, or a fault of ours. Nothing of it is used.</summary>
public sealed class SampleChunkBrokenException(string what, Exception? inner = null)
    : Exception($"A chunk of samples {what}. Read it with the program that wrote it, or restore it from a backup.", inner);
