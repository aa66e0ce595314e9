using System.IO.Compression;

namespace Hrms.Domain.Sealing;

/// <summary>JSON shrinks four- to tenfold, sealed bytes not at all: so compress first, then seal.</summary>
public static class Deflated
{
    public static byte[] Compress(ReadOnlySpan<byte> data)
    {
        using var result = new MemoryStream();
        using (var deflate = new DeflateStream(result, CompressionLevel.Fastest))
            deflate.Write(data);
        return result.ToArray();
    }

    /// <param name="bytesMax">A few bytes can stand for gigabytes: more than this is not unpacked.</param>
    /// <exception cref="InvalidDataException">The data is not deflated, or more than that comes out.</exception>
    public static byte[] Expand(byte[] data, int bytesMax)
    {
        using var deflate = new DeflateStream(new MemoryStream(data), CompressionMode.Decompress);
        using var result = new MemoryStream();
        var part = new byte[64 * 1024];
        while (deflate.Read(part) is > 0 and var count)
        {
            if (result.Length + count > bytesMax)
                throw new InvalidDataException($"More than {bytesMax} bytes come out.");
            result.Write(part, 0, count);
        }
        return result.ToArray();
    }
}
