using Hrms.Ledger.Contract;
using Hrms.Ledger.Tests.Support;
using Hrms.Ledger.Wire;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.AnyAccountChain;
using static Hrms.Ledger.Tests.Support.ConsortiumBench;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Contract;

/// <summary>How members decide, and what becomes of lanes and keys by it.</summary>
[Trait("Feature", "88"), Trait("Feature", "90")]
public sealed class ConsortiumTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    private static readonly Address A = Account("A"), B = Account("B"), C = Account("C"), D = Account("D"), Key = Account("key"), NextKey = Account("next key");

    [Fact]
    public async Task MoreThanHalfOfTheMembers_Decide_AndNoFewer()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await FoundAsync(chain, A, B, C, D);
        var proposal = await bench.ProposeAsync(A, Admit(Account("E")));
        await DoneAsync(bench, B, Approve(proposal));
        Assert.False(await bench.AskAsync(bench.Consortium, IsMember(Account("E"))));           // two of four
        await RefusedAsync(bench, D, Execute(proposal), "ConsortiumNoMajority(uint256,uint256,uint256)");
        await DoneAsync(bench, C, Approve(proposal));
        Assert.True(await bench.AskAsync(bench.Consortium, IsMember(Account("E"))));
        await RefusedAsync(bench, D, Approve(proposal), "ConsortiumProposalClosed(uint256)");   // never twice
    }

    [Fact]
    public async Task TheApprovalOfOneWhoLeft_DoesNotCount_NorDoesOneThatWasTakenBack()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await FoundAsync(chain, A, B, C, D);
        var proposal = await bench.ProposeAsync(D, Admit(Account("E")));
        await bench.DecideAsync(Remove(D), A, B, C);
        await DoneAsync(bench, A, Approve(proposal));                                           // D's and A's: of three members, one
        Assert.False(await bench.AskAsync(bench.Consortium, IsMember(Account("E"))));
        await DoneAsync(bench, A, Withdraw(proposal));
        await DoneAsync(bench, B, Approve(proposal));
        Assert.False(await bench.AskAsync(bench.Consortium, IsMember(Account("E"))));
        await RefusedAsync(bench, D, Approve(proposal), "ConsortiumNotMember(address)");
        await DoneAsync(bench, C, Approve(proposal));
        Assert.True(await bench.AskAsync(bench.Consortium, IsMember(Account("E"))));
    }

    [Fact]
    public async Task WhenMembersLeave_WhatIsAMajorityNow_CanBeDone()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await FoundAsync(chain, A, B, C, D);
        var proposal = await bench.ProposeAsync(A, Admit(Account("E")));
        await DoneAsync(bench, B, Approve(proposal));
        await bench.DecideAsync(Remove(D), A, B, C);
        await DoneAsync(bench, C, Execute(proposal));                                           // two of three, though C approves nothing
        Assert.True(await bench.AskAsync(bench.Consortium, IsMember(Account("E"))));
    }

    [Fact]
    public async Task AProposal_ExpiresAfterTwoWeeks()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await FoundAsync(chain, A, B, C);
        var proposal = await bench.ProposeAsync(A, Admit(D));
        await chain.WaitAsync(TimeSpan.FromDays(14) - TimeSpan.FromHours(1));
        Assert.Null((await chain.CallAsync(B, bench.Consortium, Approve(proposal))).Error);
        await chain.WaitAsync(TimeSpan.FromHours(2));
        await RefusedAsync(bench, B, Approve(proposal), "ConsortiumProposalClosed(uint256)");
        await RefusedAsync(bench, A, Withdraw(proposal), "ConsortiumProposalClosed(uint256)");
        await RefusedAsync(bench, A, Execute(proposal), "ConsortiumProposalClosed(uint256)");
        await RefusedAsync(bench, A, Execute(proposal + 1), "ConsortiumUnknownProposal(uint256)");
        await RefusedAsync(bench, A, Approve(0), "ConsortiumUnknownProposal(uint256)");
    }

    [Fact]
    public async Task OnlyCallsOfVotedFunctions_CanBeProposed()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await FoundAsync(chain, A, B, C);
        byte[][] others =
        [
            [], [1, 2, 3], Approve(1), Rotate(0, Key, 0), ConsortiumCalls.Propose(Admit(D)),
            new AbiCall("setWriter(uint32,address,uint32)").Number(0).Address(Key).Number(0).Encode(),
        ];
        foreach (var other in others)
            await RefusedAsync(bench, A, ConsortiumCalls.Propose(other), "ConsortiumNotAnAction()");
    }

    [Fact]
    public async Task ARotatedKey_WritesBesideTheNewOne_UntilTheOverlapEnds()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await FoundAsync(chain, A);
        await bench.DecideAsync(ConsortiumCalls.AssignLane(0, A, Key), A);
        await DoneAsync(bench, A, Rotate(0, NextKey, 3600));
        Assert.True((await chain.SendAsync(Key, bench.Ledger, HealthLedgerCalls.Commit(0, 1, Root(1), []))).Succeeded);
        Assert.True((await chain.SendAsync(NextKey, bench.Ledger, HealthLedgerCalls.Commit(0, 2, Root(2), []))).Succeeded);
        Assert.True((await chain.SendAsync(Key, bench.Ledger, HealthLedgerCalls.Commit(0, 3, Root(3), []))).Succeeded);
        await chain.WaitAsync(TimeSpan.FromHours(2));
        Assert.Equal(ContractBench.Error("LedgerNotWriter(uint32,address)"), (await chain.CallAsync(Key, bench.Ledger, HealthLedgerCalls.Commit(0, 4, Root(4), []))).Error);
        Assert.False(await bench.AskAsync(bench.Ledger, HealthLedgerCalls.IsWriter(0, Key)));
        Assert.True((await chain.SendAsync(NextKey, bench.Ledger, HealthLedgerCalls.Commit(0, 4, Root(4), []))).Succeeded);
        await RefusedAsync(bench, A, Rotate(0, Key, 0), "LedgerKeyUsed(address)");
        await RefusedAsync(bench, A, Rotate(0, Account("another"), 7 * 24 * 3600 + 1), "LedgerOverlapTooLong(uint32,uint32)");
    }

    [Fact]
    public async Task AKeyInTheWrongHands_EndsAtOnce()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await FoundAsync(chain, A);
        await bench.DecideAsync(ConsortiumCalls.AssignLane(0, A, Key), A);
        await DoneAsync(bench, A, Rotate(0, NextKey, 3600));
        await DoneAsync(bench, A, Rotate(0, Account("third key"), 0));
        foreach (var ended in new[] { Key, NextKey })
            Assert.False(await bench.AskAsync(bench.Ledger, HealthLedgerCalls.IsWriter(0, ended)));
        await DoneAsync(bench, A, Rotate(0, Zero, 0));
        Assert.False(await bench.AskAsync(bench.Ledger, HealthLedgerCalls.IsWriter(0, Account("third key"))));
        Assert.False(await bench.AskAsync(bench.Ledger, HealthLedgerCalls.IsWriter(0, Zero)));
    }

    [Fact]
    public async Task WhoAdministersNeverWrites_AndWhoWritesNeverAdministers_NotEvenLater()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await FoundAsync(chain, A, B, C);
        await bench.DecideAsync(ConsortiumCalls.AssignLane(0, A, Key), A, B);
        await DoneAsync(bench, A, Rotate(0, NextKey, 0));
        await bench.DecideAsync(Remove(C), A, B);
        foreach (var unfit in new[] { A, C, Key, NextKey, Zero, bench.Consortium, bench.Ledger })
            await LastVoteRefusedAsync(bench, Admit(unfit), "ConsortiumAccountUnfit(address)", A, B);
        foreach (var unfit in new[] { A, B, C })
            await RefusedAsync(bench, A, Rotate(0, unfit, 0), "ConsortiumAccountUnfit(address)");
        foreach (var used in new[] { Key, NextKey, bench.Consortium })
            await LastVoteRefusedAsync(bench, ConsortiumCalls.AssignLane(1, B, used), "LedgerKeyUsed(address)", A, B);
        await LastVoteRefusedAsync(bench, ConsortiumCalls.AssignLane(1, C, Account("fresh")), "ConsortiumNotMember(address)", A, B);
    }

    [Fact]
    public async Task ARemovedMembersLanes_AreNobodys_UntilTheyAreAssignedAgain()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await FoundAsync(chain, A, B, C);
        for (var lane = 0; lane < 3; lane++)
            await bench.DecideAsync(ConsortiumCalls.AssignLane(lane, lane == 1 ? B : C, Account($"key {lane}")), A, B);
        Assert.True((await chain.SendAsync(Account("key 0"), bench.Ledger, HealthLedgerCalls.Commit(0, 1, Root(1), []))).Succeeded);
        await bench.DecideAsync(ConsortiumCalls.AssignLane(2, B, Account("B's key")), A, B);    // taken from C before
        await bench.DecideAsync(Remove(C), A, B);
        Assert.False(await bench.AskAsync(bench.Ledger, HealthLedgerCalls.IsWriter(0, Account("key 0"))));
        Assert.True(await bench.AskAsync(bench.Ledger, HealthLedgerCalls.IsWriter(1, Account("key 1"))));
        Assert.True(await bench.AskAsync(bench.Ledger, HealthLedgerCalls.IsWriter(2, Account("B's key"))));
        await RefusedAsync(bench, C, Rotate(0, NextKey, 0), "ConsortiumNotLaneOwner(uint32,address)");
        await bench.DecideAsync(ConsortiumCalls.AssignLane(0, B, Zero), A, B);                  // B brings its key itself
        await DoneAsync(bench, B, Rotate(0, NextKey, 0));
        Assert.True((await chain.SendAsync(NextKey, bench.Ledger, HealthLedgerCalls.Commit(0, 2, Root(2), []))).Succeeded);
        await bench.DecideAsync(Remove(A), A, B);
        await LastVoteRefusedAsync(bench, Remove(B), "ConsortiumLastMember()", B);
    }

    [Fact]
    public async Task APausedLane_TakesNothing_AndAnswersAsBefore()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await FoundAsync(chain, A);
        foreach (var lane in new[] { 0, 1 })
            await bench.DecideAsync(ConsortiumCalls.AssignLane(lane, A, Account($"key {lane}")), A);
        var (first, second) = (HealthLedgerCalls.Commit(0, 1, Root(1), []), HealthLedgerCalls.Commit(0, 2, Root(2), []));
        Assert.True((await chain.SendAsync(Account("key 0"), bench.Ledger, first)).Succeeded);
        await bench.DecideAsync(Pause(0), A);
        await bench.DecideAsync(Pause(0), A);
        foreach (var commit in new[] { first, second })
            Assert.Equal(ContractBench.Error("LedgerLanePaused(uint32)"), (await chain.CallAsync(Account("key 0"), bench.Ledger, commit)).Error);
        Assert.Equal(1, AbiAnswer.Number((await chain.CallAsync(D, bench.Ledger, HealthLedgerCalls.Last(0))).Answer));
        Assert.True(await bench.AskAsync(bench.Ledger, HealthLedgerCalls.IsAnchored(Root(1), [], 0, 1)));
        Assert.True((await chain.SendAsync(Account("key 1"), bench.Ledger, HealthLedgerCalls.Commit(1, 1, Root(1), []))).Succeeded);
        await DoneAsync(bench, A, Rotate(0, NextKey, 0));                                       // a new key does not lift the pause
        Assert.Equal(ContractBench.Error("LedgerLanePaused(uint32)"), (await chain.CallAsync(NextKey, bench.Ledger, second)).Error);
        await bench.DecideAsync(Resume(0), A);
        Assert.True((await chain.SendAsync(NextKey, bench.Ledger, second)).Succeeded);
    }

    [Fact]
    public async Task MembersAndLanesOfAMember_AreAtMostSixtyFour()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var founders = Enumerable.Range(0, 64).Select(i => Account($"founder {i}")).ToArray();
        var full = await FoundAsync(chain, founders);
        var proposal = await full.ProposeAsync(founders[0], Admit(D));
        foreach (var founder in founders[1..32])
            await DoneAsync(full, founder, Approve(proposal));
        await RefusedAsync(full, founders[32], Approve(proposal), "ConsortiumFull(uint256)");
        var alone = await FoundAsync(chain, A);
        for (var lane = 0; lane < 64; lane++)
            await DoneAsync(alone, A, ConsortiumCalls.Propose(ConsortiumCalls.AssignLane(lane, A, Account($"key {lane}"))));
        await LastVoteRefusedAsync(alone, ConsortiumCalls.AssignLane(64, A, Account("key 64")), "ConsortiumFull(uint256)", A);
        Assert.False((await chain.SendAsync(A, null, ConsortiumCalls.Deployment())).Succeeded);  // nobody founded it
    }

    private static Address Zero => new(new byte[Address.SizeBytes]);

    private static Task<ConsortiumBench> FoundAsync(AnyAccountChain chain, params Address[] founders) => ConsortiumBench.StartAsync(chain, founders);

    private static async Task DoneAsync(ConsortiumBench bench, Address by, byte[] call) =>
        Assert.True((await bench.Chain.SendAsync(by, bench.Consortium, call)).Succeeded);

    private static async Task RefusedAsync(ConsortiumBench bench, Address by, byte[] call, string error)
    {
        Assert.Equal(ContractBench.Error(error), (await bench.Chain.CallAsync(by, bench.Consortium, call)).Error);
        Assert.False((await bench.Chain.SendAsync(by, bench.Consortium, call)).Succeeded);
    }

    /// <summary>What can't be done is found when it would be: by the vote that completes the majority.</summary>
    private static async Task LastVoteRefusedAsync(ConsortiumBench bench, byte[] action, string error, params Address[] members)
    {
        if (members.Length == 1)
            await RefusedAsync(bench, members[0], ConsortiumCalls.Propose(action), error);
        else
            await RefusedAsync(bench, members[1], Approve(await bench.ProposeAsync(members[0], action)), error);
    }
}
