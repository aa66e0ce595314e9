using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Contract;

/// <summary>The committed vectors, by C# and by the contract. Ethers and viem have them in <see cref="IndependentCheckTests"/>.</summary>
public sealed class GoldenVectorTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    /// <summary>HRMS_WRITE_VECTORS=1 writes the file: once for each new kind of vector, never to make this test pass.</summary>
    [Fact]
    public void CSharp_GivesTheCommittedVectors()
    {
        if (Environment.GetEnvironmentVariable("HRMS_WRITE_VECTORS") == "1")
            File.WriteAllText(MerkleVectors.Path, MerkleVectors.Make().Text());
        Assert.Equal(File.ReadAllText(MerkleVectors.Path), MerkleVectors.Make().Text());
    }

    [Fact]
    public async Task TheContract_FindsEachLeafByItsPath_AndByNoOther()
    {
        await using var bench = await ContractBench.StartAsync(node.RpcUrls);
        var trees = MerkleVectors.Read().Trees;
        for (var t = 0; t < trees.Count; t++)
        {
            var tree = trees[t];
            Assert.True((await bench.SendAsync(Caller.Writer0, HealthLedgerCalls.Commit(0, t + 1, Bytes(tree.Root), []))).Succeeded);
            for (var i = 0; i < tree.Leaves.Count; i++)
            {
                var path = tree.Paths[i].SelectMany(Bytes).ToArray();
                Assert.True(await bench.View.IsAnchoredAsync(bench.Contract, Bytes(tree.Leaves[i]), path, 0, t + 1, Cancellation));
                Assert.Equal(Bytes(tree.Root), MerkleTree.RootOf(Bytes(tree.Leaves[i]), tree.Paths[i].Select(Bytes)));
                path = [.. path, .. new byte[32]];
                Assert.False(await bench.View.IsAnchoredAsync(bench.Contract, Bytes(tree.Leaves[i]), path, 0, t + 1, Cancellation));
            }
        }
    }

    private static byte[] Bytes(string text) => Hex.TryParse(text, out var bytes) ? bytes : throw new FormatException(text);
}
