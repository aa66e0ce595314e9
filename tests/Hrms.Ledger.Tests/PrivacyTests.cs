using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests;

/// <summary>The scanner sees all that stands on the chain, and finds nothing of the events that were committed.</summary>
public sealed class PrivacyTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    [Fact, Trait("Feature", "85")]
    public async Task NothingOfTheEvents_IsInCallDataTopicsStorageOrAddresses()
    {
        Assert.NotNull(node.Node);
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var sample = new ProofSample();
        await sample.CommitAsync(it, ProofSample.Nullifier);
        using var scanner = new ChainScanner(node.RpcUrl);
        var all = await scanner.ReadAsync(Cancellation);

        foreach (var place in new[] { "input", "from", "topic", "data", "value of slot", "code" })
            Assert.Contains(all, found => found.Place.Contains(place));
        foreach (var published in new[] { sample.Tree.Root, ProofSample.Nullifier })
            Assert.Contains(all, found => found.Bytes.AsSpan().IndexOf(published) >= 0);        // it would see what is there
        for (var version = 1; version <= 5; version++)
        {
            var bundle = sample.Bundle(version);
            byte[][] secrets = [bundle.Stream.ToByteArray(), bundle.Stream.ToByteArray(bigEndian: true), bundle.Salt, bundle.Leaf, bundle.EventKey, bundle.Ciphertext];
            foreach (var secret in secrets)
                Assert.DoesNotContain(all, found => found.Bytes.AsSpan().IndexOf(secret) >= 0);
        }
        Assert.Empty(await scanner.FindAsync(["consent-granted", "Observation", "record-added", "band", "status"], Cancellation));
    }
}
