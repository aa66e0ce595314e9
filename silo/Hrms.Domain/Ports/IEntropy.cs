namespace Hrms.Domain.Ports;

/// <summary>Chance is passed in. The real one is the operating system's cryptographic generator.</summary>
public interface IEntropy
{
    void Fill(Span<byte> bytes);
}

public static class EntropyExtensions
{
    public static byte[] Bytes(this IEntropy entropy, int count)
    {
        var bytes = new byte[count];
        entropy.Fill(bytes);
        return bytes;
    }
}
