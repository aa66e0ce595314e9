using Hrms.Domain.Ports;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using Microsoft.Extensions.Options;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests;

/// <summary>What the database knows and what the chain says: agreed, brought up, or refused with a clear word.</summary>
public sealed class InstallationTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    public static TheoryData<string, string> Contradictions() => new()
    {
        { "chain id", "the database was written with chain 1" },
        { "genesis", "another chain with the same id" },
        { "code hash", "it should have" },
        { "address", "There is no contract at" },
        { "configured address", "Configured is contract" },
        { "configured chain", "configured is chain 5" },
        { "keys", "may not write to lane 0" },
    };

    [Theory, MemberData(nameof(Contradictions))]
    public async Task AContradiction_IsNamed(string what, string words)
    {
        await using var first = new LedgerUnderTest(node.RpcUrls);
        await first.Ledger.IdentifyAsync(Cancellation);
        var stored = first.Row.Stored!;
        await using var it = new LedgerUnderTest(node.RpcUrls, options =>
        {
            options.KeyFile = what == "keys" ? options.KeyFile : first.KeyFile;
            options.ContractAddress = what == "configured address" ? "0x" + new string('2', 40) : null;
            options.ChainId = what == "configured chain" ? 5 : null;
        });
        it.Row.Stored = what switch
        {
            "chain id" => stored with { ChainId = 1 },
            "genesis" => stored with { GenesisHash = Root(1) },
            "code hash" => stored with { CodeHash = Root(1) },
            "address" => stored with { ContractAddress = Root(1)[..20], SignedTransactions = null },
            _ => stored,
        };
        var refusal = await Assert.ThrowsAsync<LedgerDisagreesException>(() => it.Ledger.IdentifyAsync(Cancellation));
        Assert.Contains(words, refusal.Message);
    }

    [Fact]
    public async Task ManyLanesAtOnce_FindTheSameContract()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls, options => options.LaneCount = 8);
        var identities = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => it.Ledger.IdentifyAsync(Cancellation)));
        Assert.All(identities, identity => Assert.Equal(it.Contract.ToString(), Domain.Proofs.Hex.Of(identity.ContractAddress)));
    }

    [Fact]
    public async Task AnAdministratorsNonceThatIsUsed_IsADisagreement_NotANewAddress()
    {
        await using var first = new LedgerUnderTest(node.RpcUrls);
        await first.Ledger.IdentifyAsync(Cancellation);
        await using var it = new LedgerUnderTest(
            node.RpcUrls, options => (options.KeyFile, options.DeploymentPatience) = (first.KeyFile, TimeSpan.FromSeconds(1)));
        var create = first.Row.Stored!.SignedTransactions![0];
        it.Row.Stored = first.Row.Stored with { ContractAddress = Root(1)[..20], SignedTransactions = [Resigned(first, create), .. first.Row.Stored.SignedTransactions.Skip(1)] };
        Assert.Contains("in the place of", (await Assert.ThrowsAsync<LedgerDisagreesException>(() => it.Ledger.IdentifyAsync(Cancellation))).Message);
    }

    /// <summary>Another creation with the same nonce.</summary>
    private static byte[] Resigned(LedgerUnderTest it, byte[] known)
    {
        var administrator = it.Keys.Administrator;
        var other = new Signing.LegacyTransaction(0, 8_000_001, null, ConsortiumCalls.Deployment(administrator.Address));
        var signed = other.Sign(administrator, it.Row.Stored!.ChainId).Transaction;
        Assert.NotEqual(known, signed);
        return signed;
    }

    [Fact]
    public async Task MoreLanesLater_GetTheirKeysAndRoles_WithoutANewContract()
    {
        await using var first = new LedgerUnderTest(node.RpcUrls);
        var identity = await first.Ledger.IdentifyAsync(Cancellation);
        await using var it = new LedgerUnderTest(node.RpcUrls, options => (options.KeyFile, options.LaneCount) = (first.KeyFile, 5));
        it.Row.Stored = first.Row.Stored;
        Assert.Equal(identity.ContractAddress, (await it.Ledger.IdentifyAsync(Cancellation)).ContractAddress);
        Assert.True((await it.CommitAsync(identity, 4, 1, Root(1))).Receipt.Succeeded);
        Assert.Equal(first.Keys.Lane(1).Address, it.Keys.Lane(1).Address);
    }

    [Fact, Trait("Feature", "88")]
    public async Task ALaneThatTheMembersPaused_StandsStill_AndGoesOnWhenTheyResumeIt()
    {
        await using var bench = await ContractBench.StartAsync(node.RpcUrls);
        var consortium = Deployment.ConsortiumOf(bench.Account(Caller.Administrator).Address);
        Assert.True((await bench.SendAsync(Caller.Administrator, ConsortiumCalls.Propose(ConsortiumBench.Pause(1)), to: consortium)).Succeeded);
        var refusal = await Assert.ThrowsAsync<LedgerDisagreesException>(() => bench.Ledger.IdentifyAsync(Cancellation));
        Assert.Contains("paused lane 1", refusal.Message);
        Assert.True((await bench.SendAsync(Caller.Administrator, ConsortiumCalls.Propose(ConsortiumBench.Resume(1)), to: consortium)).Succeeded);
        await bench.Ledger.IdentifyAsync(Cancellation);
    }

    [Fact]
    public async Task AConsortiumsContract_IsTakenByItsAddress_AndNeverDeployed()
    {
        await using var consortium = new LedgerUnderTest(node.RpcUrls);
        await consortium.Ledger.IdentifyAsync(Cancellation);
        await using var it = new LedgerUnderTest(node.RpcUrls, options =>
            (options.Embedded, options.KeyFile, options.ContractAddress) = (false, consortium.KeyFile, consortium.Contract.ToString()));
        var identity = await it.Ledger.IdentifyAsync(Cancellation);
        Assert.Null(it.Row.Stored!.SignedTransactions);
        Assert.True((await it.CommitAsync(identity, 0, 1, Root(1))).Receipt.Succeeded);

        await using var wrong = new LedgerUnderTest(node.RpcUrls, options =>
            (options.Embedded, options.KeyFile, options.ContractAddress) = (false, consortium.KeyFile, "0x" + new string('3', 40)));
        await Assert.ThrowsAsync<LedgerDisagreesException>(() => wrong.Ledger.IdentifyAsync(Cancellation));
        Assert.Null(wrong.Row.Stored);
    }

    [Fact]
    public async Task TheKeyFile_IsItsOwnersAlone_AndWiderRightsAreRefused()
    {
        await using var it = new LedgerUnderTest(node.RpcUrls);
        await it.Ledger.IdentifyAsync(Cancellation);
        if (OperatingSystem.IsWindows())
            return;                                             // has no file modes
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(it.KeyFile));
        File.SetUnixFileMode(it.KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<Signing.LaneKeysException>(() => Signing.LaneKeyFile.Open(it.KeyFile)).Message);
    }

    [Theory]
    [InlineData("nodes")]
    [InlineData("scheme")]
    [InlineData("lanes")]
    [InlineData("address")]
    [InlineData("no address")]
    public async Task WrongOptions_AreRefusedBeforeAnythingIsAsked(string what)
    {
        await using var it = new LedgerUnderTest(node.RpcUrls, options =>
        {
            options.Nodes = what switch { "nodes" => [], "scheme" => ["ftp://node"], _ => options.Nodes };
            options.LaneCount = what == "lanes" ? 65 : 1;
            options.Embedded = what != "no address";
            options.ContractAddress = what == "address" ? "0x12" : null;
        });
        Assert.Throws<OptionsValidationException>(() => it.Ledger);
    }
}
