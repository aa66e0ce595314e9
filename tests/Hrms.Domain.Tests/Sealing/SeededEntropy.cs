using Hrms.Domain.Ports;

namespace Hrms.Domain.Tests.Sealing;

/// <summary>Chance that is the same in every run.</summary>
internal sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
}
