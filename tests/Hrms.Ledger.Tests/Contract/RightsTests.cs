using Hrms.Ledger.Contract;
using Hrms.Ledger.Tests.Support;
using Hrms.Ledger.Wire;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Contract;

/// <summary>Who an account is to the contracts. Each function is called by each.</summary>
public enum Role
{
    Stranger,
    Member,
    LaneOwner,
    FormerMember,
    Writer,
    RetiringWriter,
    RetiredWriter,
    WriterOfAnotherLane,

    /// <summary>The consortium's contract itself, which calls when a vote has decided.</summary>
    Vote,

    /// <summary>The ledger's contract itself.</summary>
    Ledger,
}

/// <summary>
/// Each function of each contract, called by each kind of account. The consortium has three members and had five; lane 0 is one member's and its key was
/// replaced twice, lately with an overlap; lane 1 is another's; lane 2 is nobody's.
/// </summary>
[Trait("Feature", "90"), Trait("Feature", "88")]
public sealed class RightsTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    private static readonly Role[] All = Enum.GetValues<Role>();
    private static readonly Role[] Members = [Role.Member, Role.LaneOwner];
    private static readonly Role[] Writers = [Role.Writer, Role.RetiringWriter];
    private static readonly Address NewKey = AnyAccountChain.Account("new key");

    /// <summary>Contract, function with what is special about the call, its call data, who may, and what all others are told.</summary>
    private static readonly (string Contract, string Call, byte[] Data, Role[] Allowed, string Refusal)[] Rows =
    [
        ("HealthLedger", "commit to lane 0", HealthLedgerCalls.Commit(0, 1, Root(1), []), Writers, "LedgerNotWriter(uint32,address)"),
        ("HealthLedger", "commit to lane 1", HealthLedgerCalls.Commit(1, 1, Root(1), []), [Role.WriterOfAnotherLane], "LedgerNotWriter(uint32,address)"),
        ("HealthLedger", "commit to nobody's lane", HealthLedgerCalls.Commit(2, 1, Root(1), []), [], "LedgerNotWriter(uint32,address)"),
        ("HealthLedger", "setWriter", Call("setWriter(uint32,address,uint32)").Number(0).Address(NewKey).Number(0).Encode(), [Role.Vote], "LedgerNotGovernor(address)"),
        ("HealthLedger", "setPaused", Call("setPaused(uint32,bool)").Number(0).Number(1).Encode(), [Role.Vote], "LedgerNotGovernor(address)"),
        ("HealthLedger", "last", HealthLedgerCalls.Last(0), All, ""),
        ("HealthLedger", "rootOf", HealthLedgerCalls.RootOf(0, 1), All, ""),
        ("HealthLedger", "isAnchored", HealthLedgerCalls.IsAnchored(Root(1), [], 0, 1), All, ""),
        ("HealthLedger", "isRevoked", HealthLedgerCalls.IsRevoked(Root(1)), All, ""),
        ("HealthLedger", "checkConsent", HealthLedgerCalls.CheckConsent(Root(1), [], 0, 1, Root(2)), All, ""),
        ("HealthLedger", "isWriter", HealthLedgerCalls.IsWriter(0, NewKey), All, ""),
        ("HealthLedger", "wasWriter", Call("wasWriter(address)").Address(NewKey).Encode(), All, ""),
        ("HealthLedger", "isPaused", HealthLedgerCalls.IsPaused(0), All, ""),
        ("HealthLedger", "writersOf", Call("writersOf(uint32)").Number(0).Encode(), All, ""),
        ("HealthLedger", "governor", Call("governor()").Encode(), All, ""),
        ("HealthLedger", "OVERLAP_MAX", Call("OVERLAP_MAX()").Encode(), All, ""),
        ("Consortium", "propose", ConsortiumCalls.Propose(ConsortiumBench.Pause(0)), Members, "ConsortiumNotMember(address)"),
        ("Consortium", "approve", ConsortiumBench.Approve(1), Members, "ConsortiumNotMember(address)"),
        ("Consortium", "withdraw", ConsortiumBench.Withdraw(1), Members, "ConsortiumNotMember(address)"),
        ("Consortium", "execute", ConsortiumBench.Execute(1), Members, "ConsortiumNotMember(address)"),
        ("Consortium", "admit", ConsortiumBench.Admit(NewKey), [Role.Vote], "ConsortiumNotByVote(address)"),
        ("Consortium", "remove", ConsortiumBench.Remove(RightsBench.Account(Role.Member)), [Role.Vote], "ConsortiumNotByVote(address)"),
        ("Consortium", "assignLane", ConsortiumCalls.AssignLane(2, RightsBench.Account(Role.Member), NewKey), [Role.Vote], "ConsortiumNotByVote(address)"),
        ("Consortium", "pauseLane", ConsortiumBench.Pause(0), [Role.Vote], "ConsortiumNotByVote(address)"),
        ("Consortium", "resumeLane", ConsortiumBench.Resume(0), [Role.Vote], "ConsortiumNotByVote(address)"),
        ("Consortium", "rotateWriter", ConsortiumBench.Rotate(0, NewKey, 60), [Role.LaneOwner], "ConsortiumNotLaneOwner(uint32,address)"),
        ("Consortium", "ledger", Call("ledger()").Encode(), All, ""),
        ("Consortium", "patientKeys", Call("patientKeys()").Encode(), All, ""),
        ("Consortium", "members", Call("members()").Encode(), All, ""),
        ("Consortium", "isMember", ConsortiumBench.IsMember(NewKey), All, ""),
        ("Consortium", "wasMember", Call("wasMember(address)").Address(NewKey).Encode(), All, ""),
        ("Consortium", "laneOwner", Call("laneOwner(uint32)").Number(0).Encode(), All, ""),
        ("Consortium", "lanesOf", Call("lanesOf(address)").Address(NewKey).Encode(), All, ""),
        ("Consortium", "proposalOf", Call("proposalOf(uint256)").Number(1).Encode(), All, ""),
        ("Consortium", "hasApproved", Call("hasApproved(uint256,address)").Number(1).Address(NewKey).Encode(), All, ""),
        ("Consortium", "VOTING_PERIOD", Call("VOTING_PERIOD()").Encode(), All, ""),
        ("Consortium", "MEMBERS_MAX", Call("MEMBERS_MAX()").Encode(), All, ""),
        ("Consortium", "LANES_PER_MEMBER_MAX", Call("LANES_PER_MEMBER_MAX()").Encode(), All, ""),
        ("PatientKeys", "register", PatientKeyCalls.Register(0, Root(1), Root(2)), Writers, "PatientKeysNotWriter(uint32,address)"),
        ("PatientKeys", "retire", PatientKeyCalls.Retire(RightsBench.Pseudonym), Writers, "PatientKeysNotWriter(uint32,address)"),
        ("PatientKeys", "verifySignedConsent", PatientKeyCalls.Verify(Root(1), Root(2), 0, Root(3), Root(4), Root(5), [], [], Root(6), Root(7)), All, ""),
        ("PatientKeys", "challengeOf", PatientKeyCalls.ChallengeOf(Root(1), Root(2), 0), All, ""),
        ("PatientKeys", "commitmentOf", PatientKeyCalls.CommitmentOf(Root(3), Root(4), Root(5)), All, ""),
        ("PatientKeys", "registrationOf", PatientKeyCalls.RegistrationOf(Root(1)), All, ""),
        ("PatientKeys", "ledger", Call("ledger()").Encode(), All, ""),
    ];

    /// <summary>Every function of the committed ABIs has a row: a new one without is found here.</summary>
    [Fact]
    public void TheMatrixIsWhole()
    {
        var tested = Rows.Select(row => $"{row.Contract}.{row.Call.Split(' ')[0]}").ToHashSet();
        var there = ContractAbi.Contracts.SelectMany(contract => ContractAbi.Functions(contract).Select(signature => $"{contract}.{signature.Split('(')[0]}"));
        Assert.Equal(there.Order(), tested.Order());
    }

    [Fact]
    public async Task EachFunction_IsTakenFromTheAllowedAlone()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await RightsBench.MakeAsync(chain);
        var asked = Rows.SelectMany(row => All.Select(role => (Row: row, Role: role))).ToArray();
        var answers = await chain.CallAsync(
            [.. asked.Select(one => new AnyCall(RightsBench.Caller(bench, one.Role), RightsBench.Contract(bench, one.Row.Contract), one.Row.Data))]);
        foreach (var ((row, role), (_, error)) in asked.Zip(answers))
        {
            var expected = row.Allowed.Contains(role) ? null : ContractBench.Error(row.Refusal);
            Assert.True(
                expected is null ? error is null : expected.AsSpan().SequenceEqual(error),
                $"{row.Contract}.{row.Call} by {role}: {(error is null ? "taken" : Domain.Proofs.Hex.Of(error))}, expected {(expected is null ? "taken" : row.Refusal)}");
        }
        Assert.Equal(Rows.Length * All.Length, answers.Count);
    }

    private static AbiCall Call(string signature) => new(signature);
}
