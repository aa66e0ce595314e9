using System.Security.Cryptography;
using Hrms.Domain.Ports;

namespace Hrms.Storage.Keys;

/// <summary>The operating system's cryptographic generator.</summary>
public sealed class SystemEntropy : IEntropy
{
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
