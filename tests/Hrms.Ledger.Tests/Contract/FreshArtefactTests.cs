using Hrms.Ledger.Contract;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Contract;

/// <summary>The committed ABI and bytecode are what the sources compile to, what is deployed, and what the code calls.</summary>
public sealed class FreshArtefactTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    [Fact]
    public async Task TheCommittedArtefact_IsWhatTheSourcesCompileTo()
    {
        var (code, output, errors) = await NodeProgram.RunAsync(NodeProgram.Contracts, "compile.mjs", "", "--check");
        Assert.True(code == 0, output + errors);
    }

    [Fact]
    public async Task TheDeployedCode_HasTheCommittedHash_AndASizeThatEveryChainTakes()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        await it.Ledger.IdentifyAsync(Cancellation);
        var consortium = Deployment.ConsortiumOf(it.Keys.Administrator.Address);
        Assert.Equal(it.Contract, ConsortiumCalls.LedgerOf(consortium));
        foreach (var (contract, compiled) in new[]
        {
            (consortium, CompiledContract.Consortium), (it.Contract, CompiledContract.HealthLedger),
            (ConsortiumCalls.PatientKeysOf(consortium), CompiledContract.PatientKeys),
        })
        {
            var code = await it.View.CodeAsync(contract, Cancellation);
            Assert.Equal(compiled.DeployedCodeHash, Domain.Proofs.Keccak256.Hash(code));
            Assert.InRange(code.Length, 1, 24_576);                         // EIP-170
            Assert.InRange(compiled.Bytecode.Length, 1, 49_152);            // EIP-3860
        }
    }

    /// <summary>Each error of the contracts has its row, and each row its error.</summary>
    [Fact]
    public void TheListOfErrors_IsThatOfTheAbis()
    {
        var rows = File.ReadLines(Path.Combine(NodeProgram.Contracts, "ERRORS.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(ContractAbi.Errors.Select(signature => signature.Split('(')[0]).Order(), rows.Select(row => row[3..].Split('(')[0]).Order());
    }

    /// <summary>Every function, event, error and argument that a member's developer meets is described in the sources (NatSpec).</summary>
    [Fact]
    public async Task EverythingPublic_IsDescribed()
    {
        var (code, output, errors) = await NodeProgram.RunAsync(NodeProgram.Contracts, "compile.mjs", "", "--undescribed");
        Assert.True(code == 0, output + errors);
    }
}
