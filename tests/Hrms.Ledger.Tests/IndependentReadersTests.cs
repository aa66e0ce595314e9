using System.Text.Json;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests;

/// <summary>
/// ethers and viem read a real ledger by the committed ABI, build the trees a second time, and find each root, proof and nullifier that our writer
/// committed, and nothing else.
/// </summary>
public sealed class IndependentReadersTests(EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<EvmNodeFixture>
{
    [Fact, Trait("Feature", "43"), Trait("Feature", "90")]
    public async Task EthersAndViem_ReadTheSameLedger()
    {
        var seed = Environment.TickCount;
        var chance = new SeededEntropy(seed);
        await using var it = new LedgerUnderTest(node.RpcUrls);
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        List<object> batches = [];
        for (var number = 1; number <= 3; number++)
            for (var lane = 0; lane < 2; lane++)
            {
                byte[][] leaves = [.. Enumerable.Range(0, 1 << chance.Below(4)).Select(_ => chance.Bytes(32))];
                byte[][] nullifiers = [.. Enumerable.Range(0, chance.Below(4)).Select(_ => chance.Bytes(32))];
                Assert.True((await it.CommitAsync(identity, lane, number, new MerkleTree(leaves).Root, nullifiers)).Receipt.Succeeded);
                batches.Add(new { lane, number, leaves = leaves.Select(leaf => Hex.Of(leaf)), nullifiers = nullifiers.Select(one => Hex.Of(one)) });
            }
        var input = JsonSerializer.Serialize(
            new
            {
                rpc = node.RpcUrl, ledger = it.Contract.ToString(), consortium = Deployment.ConsortiumOf(it.Keys.Administrator.Address).ToString(), batches,
                unpublished = Enumerable.Range(0, 3).Select(_ => Hex.Of(chance.Bytes(32))), members = new[] { it.Keys.Administrator.Address.ToString() },
                writers = new[] { 0, 1 }.Select(lane => it.Keys.Lane(lane).Address.ToString()),
            }, JsonSerializerOptions.Web);

        var (code, said, errors) = await NodeProgram.RunAsync(NodeProgram.Checkers, "chain.mjs", input, Path.Combine(NodeProgram.Contracts, "abi"));

        output.WriteLine($"seed {seed}: {said}");
        Assert.True(code == 0, errors);
        using var answer = JsonDocument.Parse(said);
        Assert.True(answer.RootElement.GetProperty("count").GetInt32() == 0, said);
        Assert.InRange(answer.RootElement.GetProperty("checked").GetInt32(), 70, int.MaxValue);
    }
}
