using Hrms.Domain.Ports;

namespace Hrms.Ledger.Tests.Support;

/// <summary>Chance that can be had again: the seed is printed by whoever uses it.</summary>
internal sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);

    public int Below(int limit) => _random.Next(limit);
}
