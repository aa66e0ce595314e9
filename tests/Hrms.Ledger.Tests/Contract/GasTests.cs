using System.Text.Json;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Tests.Support;
using Hrms.Ledger.Wire;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Contract;

/// <summary>
/// What the contracts' calls cost, held equal to the committed <c>contracts/ledger/gas.json</c>, so that a change shows in review.
/// HRMS_WRITE_GAS=1 writes the file.
/// </summary>
public sealed class GasTests(EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<EvmNodeFixture>
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };
    private static readonly Address Member = AnyAccountChain.Account("member"), Key = AnyAccountChain.Account("key");
    private readonly SortedDictionary<string, long> _gas = new(StringComparer.Ordinal);

    [Fact]
    public async Task Gas_IsAsCommitted()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await ConsortiumBench.StartAsync(chain, Member);
        await SendAsync("deployment of the three contracts", AnyAccountChain.Account("deployer"), null, ConsortiumCalls.Deployment(Member));
        await SendAsync("propose, which assigns a lane at once", Member, bench.Consortium, ConsortiumCalls.Propose(ConsortiumCalls.AssignLane(0, Member, Key)));
        var leaves = Enumerable.Range(0, 1024).Select(i => Root(i)).ToArray();
        var tree = new MerkleTree(leaves);
        await SendAsync("commit, first of a lane", Key, bench.Ledger, HealthLedgerCalls.Commit(0, 1, tree.Root, []));
        await SendAsync("commit", Key, bench.Ledger, HealthLedgerCalls.Commit(0, 2, Root(2), []));
        await SendAsync("commit, repeated", Key, bench.Ledger, HealthLedgerCalls.Commit(0, 2, Root(2), []));
        await SendAsync("commit with 1 nullifier", Key, bench.Ledger, HealthLedgerCalls.Commit(0, 3, Root(3), Root(100)));
        byte[] hundred = [.. Enumerable.Range(200, 100).SelectMany(i => Root(i))];
        await SendAsync("commit with 100 nullifiers", Key, bench.Ledger, HealthLedgerCalls.Commit(0, 4, Root(4), hundred));
        await SendAsync("rotateWriter", Member, bench.Consortium, ConsortiumBench.Rotate(0, AnyAccountChain.Account("next key"), 3600));
        await SendAsync("commit, by the key that is replaced", Key, bench.Ledger, HealthLedgerCalls.Commit(0, 5, Root(5), []));
        await SendAsync("register a patient key", Key, bench.PatientKeys, PatientKeyCalls.Register(0, Root(6), Root(7)));
        await SendAsync(
            "checkConsent in 1,024 leaves, as a transaction", Key, bench.Ledger,
            HealthLedgerCalls.CheckConsent(leaves[5], [.. tree.Path(5).SelectMany(sibling => sibling)], 0, 1, Root(8)));

        foreach (var (name, gas) in _gas)
            output.WriteLine($"{gas,9:N0} {name}");
        output.WriteLine($"{_gas["commit"] / 1000.0:0.0} gas a leaf at 1,000 leaves");
        var path = Path.Combine(NodeProgram.Contracts, "gas.json");
        var measured = JsonSerializer.Serialize(_gas, Options) + "\n";
        if (Environment.GetEnvironmentVariable("HRMS_WRITE_GAS") == "1")
            await File.WriteAllTextAsync(path, measured, Cancellation);
        Assert.Equal((await File.ReadAllTextAsync(path, Cancellation)).ReplaceLineEndings("\n"), measured);

        async Task SendAsync(string name, Address from, Address? to, byte[] data)
        {
            var mined = await chain.SendAsync(from, to, data);
            Assert.True(mined.Succeeded, name);
            _gas[name] = mined.GasUsed;
        }
    }
}
