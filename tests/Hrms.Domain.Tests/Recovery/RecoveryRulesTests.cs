using Hrms.Contracts;
using Hrms.Domain.PatientKeys;
using Hrms.Domain.Patients;
using Hrms.Domain.Recovery;
using Hrms.Domain.Tests.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.Recovery;

/// <summary>Who gets a lost account back: who has the printed seed, or whom two of three guardians approve and the patient, told of it, does not stop.</summary>
[Trait("Feature", "36")]
public sealed class RecoveryRulesTests
{
    private static readonly Asker Server = new(new Actor(ActorKind.Operator, Id(700)), PurposeOfUse.PATRQT);
    private static readonly PatientId[] Guardians = [new(Id(701)), new(Id(702)), new(Id(703))];
    private static readonly byte[] Secret = [.. Enumerable.Repeat((byte)7, RecoveryCode.SecretBytes)], Other = [.. Enumerable.Repeat((byte)8, RecoveryCode.SecretBytes)];
    private static readonly byte[] Code = RecoveryCode.Of(Secret), OtherCode = RecoveryCode.Of(Other);
    private static readonly byte[] Seed = [.. Enumerable.Range(1, RecoveryRules.SeedBytes).Select(i => (byte)i)];

    private static readonly PatientState Guarded = Registered.After(
        [
            .. Guardians.SelectMany((guardian, i) => (PatientEvent[])[new GuardianInvited(Now, Id(710 + i), $"Guardian {i}"), new GuardianAccepted(Now, Id(710 + i), guardian)]),
        ],
        2);

    private static readonly DateTimeOffset Ready = Now + Limits.RecoveryWait;

    [Fact]
    public void TwoGuardians_ThenThePatientIsTold_ThenTheWaitingTime_ThenItIsTheirsAgain()
    {
        var state = Announced(Approved(Approved(Guarded, 0), 1));
        Assert.NotNull(Recover(state, Ready.AddSeconds(-1)).Refusal);

        var recovered = Decide(state, Recover(state, Ready));

        Assert.Equal(state.Tokens.Number + 1, recovered.Tokens.Number);
        Assert.True(RecoveryRules.AreOld(recovered, null));
        Assert.False(RecoveryRules.AreOld(recovered, Id(720)));
        Assert.Empty(recovered.Recovery.CodesUnderWay(Ready));
        Assert.Equal(3, recovered.Recovery.Guardians.Count);
    }

    [Fact]
    public void OneGuardian_IsNotEnough_HoweverOften()
    {
        var state = Approved(Guarded, 0);
        Assert.Empty(RecoveryRules.Approve(state, new ApproveRecovery(By(0), Code), Now).Events);
        Assert.Equal(RefusalCode.WrongState, RecoveryRules.Announce(state, new AnnounceRecovery(Server, Code), Now).Refusal?.Code);
        Assert.NotNull(Recover(state, Ready).Refusal);
    }

    [Fact]
    public void ThePatientWhoWasNotTold_IsNotWaitedFor() =>
        Assert.NotNull(Recover(Approved(Approved(Guarded, 0), 1), Now.AddDays(5)).Refusal);

    [Fact]
    public void TheApprovalIsForOneHolder_WhoHeardTheCodeHasNothing()
    {
        var state = Announced(Approved(Approved(Guarded, 0), 1));
        Assert.NotNull(Recover(state, Ready, secret: Other).Refusal);
        Assert.NotNull(Recover(state, Ready, secret: Code).Refusal);
    }

    [Fact]
    public void TwoGuardiansForTwoHolders_ApproveNeither_AndTheNewestApprovalOfOneCounts()
    {
        var state = Approved(Approved(Guarded, 0), 1, OtherCode);
        Assert.Equal(1, state.Recovery.StandingOf(Code, Now).Approvals);
        Assert.Equal(1, state.Recovery.StandingOf(OtherCode, Now).Approvals);
        state = Approved(state, 0, OtherCode, Now.AddMinutes(1));
        Assert.Equal(0, state.Recovery.StandingOf(Code, Now.AddMinutes(1)).Approvals);
        Assert.NotNull(state.Recovery.StandingOf(OtherCode, Now.AddMinutes(1)).ApprovedAt);
    }

    [Fact]
    public void ThePatientStopsIt_AndWhatWasApprovedBeforeIsOver()
    {
        var state = Announced(Approved(Approved(Guarded, 0), 1));
        var stopped = Decide(state, RecoveryRules.Stop(state, new StopRecovery(AnaAsks), Now.AddHours(1)));
        Assert.NotNull(Recover(stopped, Ready).Refusal);
        Assert.Empty(RecoveryRules.Stop(stopped, new StopRecovery(AnaAsks), Now.AddHours(2)).Events);
        Assert.Single(RecoveryRules.Stop(state, new StopRecovery(Server), Now).Events);
        Assert.NotNull(RecoveryRules.Stop(state, new StopRecovery(By(0)), Now).Refusal);
    }

    /// <summary>They may say yes again; then the patient is told again, and the waiting time begins anew.</summary>
    [Fact]
    public void AfterAStop_TheWaitingTimeOfBeforeDoesNotCount()
    {
        var stoppedAt = Now.AddHours(1);
        var state = Announced(Approved(Approved(Guarded, 0), 1)).After([new RecoveryStopped(stoppedAt, AnaAsks.Actor)], 50);
        state = Approved(Approved(state, 0, at: stoppedAt.AddMinutes(1)), 1, at: stoppedAt.AddMinutes(1));
        Assert.NotNull(Recover(state, Ready.AddDays(1)).Refusal);
    }

    [Fact]
    public void AGuardianWhoWasRemoved_CountsNoMore_AndApprovesNothing()
    {
        var state = Announced(Approved(Approved(Guarded, 0), 1));
        state = Decide(state, RecoveryRules.End(state, new EndGuardian(AnaAsks, Id(711)), Now));
        Assert.NotNull(Recover(state, Ready).Refusal);
        Assert.Equal(RefusalCode.NotFound, RecoveryRules.Approve(state, new ApproveRecovery(By(1), Code), Now).Refusal?.Code);
        // The third one makes it two again: and the patient is told again.
        Assert.NotNull(Recover(Approved(state, 2, at: Now.AddHours(1)), Ready.AddHours(2)).Refusal);
    }

    [Fact]
    public void Approvals_GrowOld()
    {
        var state = Announced(Approved(Approved(Guarded, 0), 1));
        Assert.Null(Recover(state, Now + Limits.ApprovalGoodFor - TimeSpan.FromSeconds(1)).Refusal);
        Assert.NotNull(Recover(state, Now + Limits.ApprovalGoodFor).Refusal);
    }

    [Fact]
    public void OneGuardian_MakesOnlySoManyApprovals_AndKeepsNobodyElseFromTheirs()
    {
        var state = Enumerable.Range(0, Limits.ApprovalsPerGuardianMax).Aggregate(Guarded, (before, i) => Approved(before, 0, RecoveryCode.Of([(byte)i])));
        Assert.Equal(RefusalCode.LimitExceeded, RecoveryRules.Approve(state, new ApproveRecovery(By(0), Code), Now).Refusal?.Code);
        Assert.Single(RecoveryRules.Approve(state, new ApproveRecovery(By(1), Code), Now).Events);
        Assert.Single(RecoveryRules.Approve(state, new ApproveRecovery(By(0), Code), Now + Limits.ApprovalGoodFor).Events);
    }

    [Fact]
    public void WhoAcceptsIsAnotherPerson_Once_InPerson_InTime()
    {
        var invited = Decide(Registered, RecoveryRules.Invite(Registered, new InviteGuardian(new CommandId(Id(730)), AnaAsks, "My sister"), Now));
        Decided<PatientEvent> Accept(PatientState state, Asker who, DateTimeOffset? at = null, int invitation = 730) => RecoveryRules.Accept(state, new AcceptGuardian(who, Id(invitation)), at ?? Now);
        var accepted = Decide(invited, Accept(invited, By(0)));

        Assert.Equal(Guardians[0], accepted.Recovery.Find(Id(730))!.Person);
        Assert.Empty(Accept(accepted, By(0)).Events);
        foreach (var refused in new[]
        {
            Accept(invited, AnaAsks), Accept(accepted, By(1)), Accept(invited, By(0), Now + Limits.InvitationGoodFor), Accept(invited, By(0), invitation: 731),
            Accept(invited, new Asker(DrLee, PurposeOfUse.TREAT)), Accept(invited, By(0) with { OnBehalfOf = Actor.Patient(BenId) }), Accept(Guarded, By(0)),
        })
            Assert.Equal(RefusalCode.NotFound, refused.Refusal?.Code);
        var twice = accepted.After([new GuardianInvited(Now, Id(732), "The same again")], 60);
        Assert.NotNull(Accept(twice, By(0), invitation: 732).Refusal);
    }

    [Fact]
    public void ThreeAtMost_NamedShortly_ByThePatientInPersonAlone()
    {
        InviteGuardian Invite(Asker who, string name = "Ben") => new(new CommandId(Id(740)), who, name);
        Assert.Equal(RefusalCode.LimitExceeded, RecoveryRules.Invite(Guarded, Invite(AnaAsks), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.Invalid, RecoveryRules.Invite(Registered, Invite(AnaAsks, " "), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.Invalid, RecoveryRules.Invite(Registered, Invite(AnaAsks, new string('x', Limits.GuardianNameMax + 1)), Now).Refusal?.Code);
        Assert.Null(RecoveryRules.Invite(Registered, Invite(AnaAsks, new string('x', Limits.GuardianNameMax)), Now).Refusal);
        var acting = WithDelegate(DelegateLevel.Full);
        foreach (var other in new[] { Ben, Clerk, Server, AnaAsks with { Scope = new AppScope([], Ana) } })
        {
            Assert.NotNull(RecoveryRules.Invite(acting, Invite(other), Now).Refusal);
            Assert.NotNull(RecoveryRules.MakeSeed(acting, new MakeRecoverySeed(new CommandId(Id(741)), other, Seed), Now).Refusal);
        }
    }

    [Fact]
    public void AGuardian_Resigns_AndEndsNobodyElse()
    {
        Assert.Single(RecoveryRules.End(Guarded, new EndGuardian(By(0), Id(710)), Now).Events);
        Assert.NotNull(RecoveryRules.End(Guarded, new EndGuardian(By(0), Id(711)), Now).Refusal);
        Assert.NotNull(RecoveryRules.End(Guarded, new EndGuardian(Ben, Id(711)), Now).Refusal);
    }

    [Fact]
    public void ThePrintedSeed_IsGoodOnce_AndOfOnePatient()
    {
        var state = Seeded(Registered);
        Assert.NotNull(RecoverBySeed(state, [.. Seed.Reverse()]).Refusal);
        Assert.NotNull(RecoverBySeed(Registered, Seed).Refusal);
        var recovered = Decide(state, RecoverBySeed(state, Seed));

        Assert.Null(recovered.Recovery.SeedHash);
        Assert.NotNull(RecoverBySeed(recovered, Seed, Id(720)).Refusal);
        var ben = PatientState.Initial(BenId).After([new PatientRegistered(Now, BenId, Clerk.Actor)], 1);
        Assert.NotEqual(state.Recovery.SeedHash, Seeded(ben).Recovery.SeedHash);
    }

    [Fact]
    public void ANewSeed_TakesTheFormersPlace_AndTheSameOneIsARepeat()
    {
        byte[] anew = [.. Seed.Reverse()];
        var state = Seeded(Registered);
        Assert.Empty(RecoveryRules.MakeSeed(state, new MakeRecoverySeed(new CommandId(Id(751)), AnaAsks, Seed), Now).Events);
        Assert.Equal(RefusalCode.Invalid, RecoveryRules.MakeSeed(state, new MakeRecoverySeed(new CommandId(Id(751)), AnaAsks, Seed[1..]), Now).Refusal?.Code);
        state = Decide(state, RecoveryRules.MakeSeed(state, new MakeRecoverySeed(new CommandId(Id(752)), AnaAsks, anew), Now));
        Assert.NotNull(RecoverBySeed(state, Seed).Refusal);
        Assert.Null(RecoverBySeed(state, anew).Refusal);
    }

    /// <summary>The credentials are changed after the recovery is durable. Whoever was interrupted between the two comes again with the same proof, and finds the same recovery.</summary>
    [Fact]
    public void WhatWasInterruptedBeforeTheCredentialsWereChanged_GoesOnByTheSameProof()
    {
        var state = Decide(Seeded(Registered), RecoverBySeed(Seeded(Registered), Seed));
        Assert.Equal(([], null), (RecoverBySeed(state, Seed).Events, RecoverBySeed(state, Seed).Refusal));
        Assert.NotNull(RecoverBySeed(state, [.. Seed.Reverse()]).Refusal);
    }

    [Fact]
    public void OnlyTheAccountsServer_Recovers()
    {
        foreach (var other in new[] { AnaAsks, By(0), Clerk with { Token = new TokenFacts(null, null, Now) } })
            Assert.NotNull(RecoveryRules.Recover(Seeded(Registered), new RecoverAccount(other, SignInWay.RecoverySeed, Seed, null), Id(720), default, Now).Refusal);
    }

    /// <summary>The patient's key for consents went with the phone.</summary>
    [Fact]
    public void TheKeyForConsents_IsRetired()
    {
        var key = new PatientKeyId(Id(760));
        byte[] word = new byte[32];
        var state = Seeded(Registered).After([new PatientKeyRegistered(Now, key, "My phone", word, word, word, word, word, new PasskeySignature(word, word, word, word))], 70);
        Assert.Null(Decide(state, RecoverBySeed(state, Seed)).PatientKeys.InUse);
    }

    [Fact]
    public void TheWholeStory_IsInTheSnapshot_AndInTheNotices()
    {
        var state = Announced(Approved(Approved(Seeded(Guarded), 0), 1));
        var restored = PatientSnapshot.Of(state).Restore();
        Assert.Equal(Ready, restored.Recovery.StandingOf(Code, Now).ReadyAt);
        Assert.Equal(state.Recovery.SeedHash, restored.Recovery.SeedHash);
        var notices = Notices.Of(state, Now, TimeSpan.FromDays(3));
        Assert.Equal([NoticeKind.RecoveryAnnounced, NoticeKind.RecoveryApproved, NoticeKind.RecoveryApproved], notices.Select(notice => notice.Kind).OrderDescending());
        Assert.All(notices, notice => Assert.True(Notices.IsPersonal(notice.Kind)));
        Assert.Equal(Ready, notices.Single(notice => notice.Kind == NoticeKind.RecoveryAnnounced).Until);
    }

    private static Asker By(int guardian) => new(Actor.Patient(Guardians[guardian]), PurposeOfUse.PATRQT);

    private static PatientState Approved(PatientState state, int guardian, byte[]? code = null, DateTimeOffset? at = null) =>
        Family.Decide(state, RecoveryRules.Approve(state, new ApproveRecovery(By(guardian), code ?? Code), at ?? Now));

    private static PatientState Announced(PatientState state) => Family.Decide(state, RecoveryRules.Announce(state, new AnnounceRecovery(Server, Code), Now));

    private static PatientState Seeded(PatientState state) =>
        Family.Decide(state, RecoveryRules.MakeSeed(state, new MakeRecoverySeed(new CommandId(Id(750)), new Asker(Actor.Patient(state.Id), PurposeOfUse.PATRQT), Seed), Now));

    private static Decided<PatientEvent> Recover(PatientState state, DateTimeOffset at, byte[]? secret = null) =>
        RecoveryRules.Recover(state, new RecoverAccount(Server, SignInWay.Guardians, secret ?? Secret, null), Id(720), new CommandId(Id(721)), at);

    private static Decided<PatientEvent> RecoverBySeed(PatientState state, byte[] seed, Guid? credentials = null) =>
        RecoveryRules.Recover(state, new RecoverAccount(Server, SignInWay.RecoverySeed, seed, credentials), Id(720), new CommandId(Id(721)), Now);
}
