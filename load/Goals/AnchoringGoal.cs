using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger;
using Hrms.Ledger.Tests.Support;
using Hrms.Load.Reports;
using Hrms.Load.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Load.Goals;

/// <summary>
/// P4: changes on the ledger, each with its proof, in batches and with one transaction for each, in turns on one node that makes a block of whatever comes: neither waits
/// for a period, so that both are as fast as node and adapter are.
/// </summary>
internal static class AnchoringGoal
{
    private static readonly Goal Batched = new("P4", "changes on the ledger with a proof each ÷ one transaction for each change", 20, 100);
    private const int Leaves = 1_024, OpenSingles = 64, OpenBatches = 8;

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalPlan plan, ProgressLine line, CancellationToken stop)
    {
        await using var node = await BlockNode.StartAsync(stop, period: null);
        var keys = Path.Combine(node.Folder, "lane-keys.json");
        await using var services = new ServiceCollection().AddLogging().AddSingleton<ILaneStore, DeploymentRow>()
            .AddHrmsLedger(options => (options.Nodes, options.Embedded, options.KeyFile, options.LaneCount) = ([node.RpcUrl.ToString()], true, keys, 2)).BuildServiceProvider();
        var ledger = services.GetRequiredService<ILedger>();
        var identity = await ledger.IdentifyAsync(stop);
        var (singles, batches) = (new Lane(ledger, identity, 0, leaves: 1, OpenSingles), new Lane(ledger, identity, 1, Leaves, OpenBatches));
        List<double> ratios = [];
        List<string> raw = [];
        for (var repeat = 0; repeat <= plan.Repeats; repeat++)
        {
            var (together, alone) = (await batches.RunAsync(plan.Duration, stop), await singles.RunAsync(plan.Duration, stop));
            var said = string.Create(CultureInfo.InvariantCulture, $"{together:0} in batches of {Leaves} ÷ {alone:0} alone per second");
            line.Say(repeat == 0 ? $"P4: warm-up: {said}" : $"P4 {repeat}: {said}");
            if (repeat == 0)
                continue;
            ratios.Add(together / alone);
            raw.Add(said);
        }
        return [new GoalResult(Batched, ratios, raw, "goals --only P4")];
    }

    /// <summary>One lane of the contract that is kept busy with so many open transactions.</summary>
    private sealed class Lane(ILedger ledger, LedgerIdentity identity, int lane, int leaves, int open)
    {
        private readonly Queue<byte[]> _open = new();
        private long _number;
        private ulong _nonce;

        /// <summary>Changes per second that are on the ledger with a receipt, and have a proof.</summary>
        public async Task<double> RunAsync(TimeSpan during, CancellationToken stop)
        {
            _nonce = await ledger.NonceAsync(lane, stop);
            var (began, done) = (Stopwatch.GetTimestamp(), 0L);
            while (Stopwatch.GetElapsedTime(began) < during)
            {
                while (_open.Count < open)
                    await SendAsync(stop);
                await ReceiptAsync(stop);
                done += leaves;
            }
            for (; _open.Count > 0; done += leaves)
                await ReceiptAsync(stop);
            return done / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        private async Task SendAsync(CancellationToken stop)
        {
            var padded = leaves + MerkleTree.PaddingFor(leaves);
            var tree = new MerkleTree([.. Enumerable.Range(0, padded).Select(_ => RandomNumberGenerator.GetBytes(32))]);
            for (var leaf = 0; leaf < leaves; leaf++)
                if (tree.Path(leaf).Count != int.Log2(padded))
                    throw new LoadFaultException("P4: a proof has the wrong length.");
            var signed = ledger.SignCommit(identity, lane, ++_number, tree.Root, [], _nonce++);
            if (await ledger.SendAsync(signed.Transaction, stop) is var hint and not SendHint.Accepted)
                throw new LoadFaultException($"P4: the node did not take a transaction: {hint}.");
            _open.Enqueue(signed.Hash);
        }

        private async Task ReceiptAsync(CancellationToken stop)
        {
            var hash = _open.Dequeue();
            while (await ledger.ReceiptAsync(hash, stop) is null)
                await Task.Yield();
        }
    }
}
