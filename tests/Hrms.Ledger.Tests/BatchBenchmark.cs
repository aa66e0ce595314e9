using System.Diagnostics;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests;

/// <summary>
/// Figures, not assertions: changes on the ledger per second, each with its proof, in batches and one transaction for each, in turns on one node. Run with
/// <c>dotnet run -c Release --project tests/Hrms.Ledger.Tests -- --explicit only --filter-class Hrms.Ledger.Tests.BatchBenchmark --output Detailed</c>.
/// </summary>
public sealed class BatchBenchmark(EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<EvmNodeFixture>
{
    private const int Rounds = 5, BatchLeaves = 1_000;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    [Fact(Explicit = true)]
    public async Task ChangesAnchoredPerSecond()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        List<double> ratios = [];
        var (singles, batches) = (new Lane(it, identity, 0, leaves: 1, window: 64), new Lane(it, identity, 1, BatchLeaves, window: 4));
        for (var round = 1; round <= Rounds; round++)
        {
            var (alone, together) = (await singles.RunAsync(Round), await batches.RunAsync(Round));
            ratios.Add(together / alone);
            output.WriteLine($"round {round}: {alone:#,0}/s one transaction each, {together:#,0}/s in batches of {BatchLeaves:#,0}, {ratios[^1]:0.0} x");
        }
        output.WriteLine($"median {ratios.Order().ElementAt(Rounds / 2):0.0} x");
    }

    /// <summary>One lane that is kept busy with so many open transactions.</summary>
    private sealed class Lane(LedgerUnderTest it, LedgerIdentity identity, int lane, int leaves, int window)
    {
        private readonly Random _random = new(lane);
        private readonly Queue<byte[]> _open = new();
        private long _number;
        private ulong _nonce;

        /// <summary>Changes per second that are on the ledger with a receipt, and have a proof.</summary>
        public async Task<double> RunAsync(TimeSpan during)
        {
            _nonce = await it.Ledger.NonceAsync(lane, Cancellation);
            var (began, done) = (Stopwatch.GetTimestamp(), 0L);
            while (Stopwatch.GetElapsedTime(began) < during)
            {
                while (_open.Count < window)
                    await SendAsync();
                await it.ReceiptAsync(_open.Dequeue());
                done += leaves;
            }
            for (; _open.Count > 0; done += leaves)
                await it.ReceiptAsync(_open.Dequeue());
            return done / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        private async Task SendAsync()
        {
            var padded = leaves + MerkleTree.PaddingFor(leaves);
            var tree = new MerkleTree([.. Enumerable.Range(0, padded).Select(_ => Leaf())]);
            for (var i = 0; i < leaves; i++)
                Assert.Equal(int.Log2(padded), tree.Path(i).Count);
            var signed = it.Ledger.SignCommit(identity, lane, ++_number, tree.Root, [], _nonce++);
            Assert.Equal(SendHint.Accepted, await it.Ledger.SendAsync(signed.Transaction, Cancellation));
            _open.Enqueue(signed.Hash);
        }

        private byte[] Leaf()
        {
            var leaf = new byte[32];
            _random.NextBytes(leaf);
            return leaf;
        }
    }
}
