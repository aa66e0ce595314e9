using Hrms.Contracts;
using Hrms.Domain.Providers;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Providers;

/// <summary>Who lets an organisation in and out, whom it invites, and whose tokens end when.</summary>
public sealed class AccountRulesTests
{
    private static readonly Asker First = new(new Actor(ActorKind.Operator, Id(90)), PurposeOfUse.HOPERAT), Second = new(new Actor(ActorKind.Operator, Id(91)), PurposeOfUse.HOPERAT),
        System = new(CityHospital, PurposeOfUse.HOPERAT), Boss = new(new Actor(ActorKind.Administrator, Id(92)), PurposeOfUse.HOPERAT);
    private static readonly ProviderId Hospital = new(CityHospital.Id);
    private static readonly ProviderDraft Kim = new(new ProviderId(Id(30)), ProviderKind.Practitioner, "Dr Kim", "http://hl7.org/fhir/sid/us-npi", "1");
    private static readonly Guid Address = Id(93);
    private static readonly CommandId Command = new(Id(94));
    private static readonly ProviderState Registered = ProviderState.Initial.After(
        new ProviderRegistered(Now, new(Hospital, ProviderKind.Organization, "City Hospital", "urn:test", "1"), First.Actor));
    private static readonly ProviderState Admitted = After(After(Registered, AdmissionRules.Propose(Registered, new(First, Address), Now)), state => AdmissionRules.Admit(state, new(Command, Second, Address), Now));

    [Fact]
    public void ToLetAnOrganisationIn_TakesTwoOperators_WhoNameTheSameAddress()
    {
        var proposed = After(Registered, AdmissionRules.Propose(Registered, new(First, Address), Now));
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, AdmissionRules.Propose(proposed, new(First, Address), Now));
        Assert.Equal(AdmissionStatus.Proposed, proposed.Accounts.Admission.Status);
        Assert.Equal(RefusalCode.WrongState, AdmissionRules.Admit(Registered, new(Command, Second, Address), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.Forbidden, AdmissionRules.Admit(proposed, new(Command, First, Address), Now).Refusal?.Code);
        Assert.Equal("administratorEmail", AdmissionRules.Admit(proposed, new(Command, Second, Id(95)), Now).Refusal?.Place);

        Assert.Equal(AdmissionStatus.Admitted, Admitted.Accounts.Admission.Status);
        Assert.Equal(InvitationKind.Administrator, Assert.Single(Admitted.Accounts.Invitations.Values).Kind);
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, AdmissionRules.Admit(Admitted, new(Command, Second, Address), Now));
        Assert.Equal(RefusalCode.WrongState, AdmissionRules.Admit(Admitted, new(new CommandId(Id(96)), Second, Address), Now).Refusal?.Code);
    }

    [Fact]
    public void OnlyOperatorsOfAMomentAgo_LetInAndShutOut()
    {
        var old = First with { Token = new TokenFacts(null, Now, Now - Limits.FreshSignIn - TimeSpan.FromSeconds(1)) };
        Assert.Equal(RefusalCode.FreshSignInNeeded, AdmissionRules.Propose(Registered, new(old, Address), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.FreshSignInNeeded, AdmissionRules.Exclude(Admitted, new(old, "left"), Now).Refusal?.Code);
        foreach (var asker in new[] { System, Boss, new Asker(DrLee, PurposeOfUse.HOPERAT), new Asker(new Actor(ActorKind.Auditor, Id(97)), PurposeOfUse.HOPERAT) })
            Assert.Equal(RefusalCode.Forbidden, AdmissionRules.Propose(Registered, new(asker, Address), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, AdmissionRules.Propose(ProviderState.Initial, new(First, Address), Now).Refusal?.Code);
    }

    [Fact]
    public void AnExcludedOrganisation_HasNeitherMembersNorAGoodToken_UntilTwoOperatorsLetItInAgain()
    {
        var full = After(WithBoss(), new MemberAdded(Now, Kim.Id), Invited(Id(98)));
        Assert.Equal("reason", AdmissionRules.Exclude(full, new(First, " "), Now).Refusal?.Place);
        var excluded = After(full, AdmissionRules.Exclude(full, new(First, "It left."), Now));
        var later = new TokenFacts(99, Now.AddDays(1), Now.AddDays(1));

        Assert.Equal((0, 0), (excluded.Members.Count, excluded.Accounts.Staff.Count));
        Assert.All(excluded.Accounts.Invitations.Values.Where(invitation => invitation.Account is null), invitation => Assert.Equal(InvitationStatus.Withdrawn, invitation.StatusAt(Now)));
        Assert.True(excluded.Accounts.GoodTokens.Ended(later));
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, AdmissionRules.Exclude(excluded, new(First, "It left."), Now));

        var proposed = After(excluded, AdmissionRules.Propose(excluded, new(First, Address), Now));
        Assert.True(proposed.Accounts.GoodTokens.Ended(later));
        var again = After(proposed, state => AdmissionRules.Admit(state, new(new CommandId(Id(99)), Second, Address), Now));
        Assert.Equal((false, true), (again.Accounts.GoodTokens.Ended(later), again.Accounts.GoodTokens.Ended(new TokenFacts(null, Now, null))));
    }

    [Fact]
    public void ItsAdministratorsAndItsOwnSystem_Invite_AndNobodyElse()
    {
        var state = WithBoss();
        foreach (var asker in new[] { Boss, System })
            Assert.Null(InvitationRules.Invite(state, new(Command2, asker, InvitationKind.Practitioner, Kim), Now).Refusal);
        foreach (var asker in new[] { First, new Asker(DrLee, PurposeOfUse.HOPERAT), Boss with { Actor = new Actor(ActorKind.Administrator, Id(77)) }, System with { Actor = System.Actor with { Id = Id(77) } } })
            Assert.Equal(RefusalCode.NotFound, InvitationRules.Invite(state, new(Command2, asker, InvitationKind.Practitioner, Kim), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, InvitationRules.Invite(Registered, new(Command2, System, InvitationKind.Practitioner, Kim), Now).Refusal?.Code);
    }

    [Fact]
    public void AnInvitation_NamesAPractitionerWithAnIdentifier_OrAnAdministratorAlone()
    {
        var state = WithBoss();
        (ProviderDraft? Draft, InvitationKind Kind, string? Role, string Place)[] wrong =
        [
            (null, InvitationKind.Practitioner, null, "kind"), (Kim with { Kind = ProviderKind.Organization }, InvitationKind.Practitioner, null, "kind"),
            (Kim, InvitationKind.Operator, null, "kind"), (null, InvitationKind.Auditor, null, "kind"), (Kim, InvitationKind.Administrator, null, "practitioner"),
            (null, InvitationKind.Administrator, "nurse", "practitioner"), (Kim with { Name = "" }, InvitationKind.Practitioner, null, "name"),
            (Kim with { Name = new string('x', 201) }, InvitationKind.Practitioner, null, "name"), (Kim with { IdentifierSystem = " " }, InvitationKind.Practitioner, null, "identifierSystem"),
            (Kim with { IdentifierValue = "" }, InvitationKind.Practitioner, null, "identifierValue"),
            (Kim with { IdentifierValue = new string('1', Limits.CodeLengthMax + 1) }, InvitationKind.Practitioner, null, "identifierValue"), (Kim, InvitationKind.Practitioner, " ", "role"),
        ];
        foreach (var (draft, kind, role, place) in wrong)
            Assert.Equal(place, InvitationRules.Invite(state, new(Command2, Boss, kind, draft, role), Now).Refusal?.Place);
        Assert.Null(InvitationRules.Invite(state, new(Command2, Boss, InvitationKind.Practitioner, Kim with { Name = new string('x', 200), IdentifierValue = new string('1', Limits.CodeLengthMax) }), Now).Refusal);
        Assert.Null(InvitationRules.Invite(state, new(Command2, Boss, InvitationKind.Administrator), Now).Refusal);
    }

    [Fact]
    public void APersonInvites_FreshlySignedIn_AndASystemByItsSignature()
    {
        var old = new TokenFacts(null, Now, Now - Limits.FreshSignIn - TimeSpan.FromSeconds(1));
        Assert.Equal(RefusalCode.FreshSignInNeeded, InvitationRules.Invite(WithBoss(), new(Command2, Boss with { Token = old }, InvitationKind.Practitioner, Kim), Now).Refusal?.Code);
        Assert.Null(InvitationRules.Invite(WithBoss(), new(Command2, System with { Token = old }, InvitationKind.Practitioner, Kim), Now).Refusal);
    }

    [Fact]
    public void ARepeat_IsTheSameInvitation_AndAnotherOneUnderItsName_IsRefused()
    {
        var invite = new Invite(Command2, Boss, InvitationKind.Practitioner, Kim, "nurse");
        var invited = After(WithBoss(), state => InvitationRules.Invite(state, invite, Now));
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, InvitationRules.Invite(invited, invite, Now));
        foreach (var other in new[] { invite with { Role = null }, invite with { Practitioner = Kim with { Name = "Dr Cho" } }, invite with { Kind = InvitationKind.Administrator, Practitioner = null, Role = null } })
            Assert.Equal(RefusalCode.CommandReused, InvitationRules.Invite(invited, other, Now).Refusal?.Code);
    }

    [Fact]
    public void OpenInvitations_AreSoManyAtMost_AndThoseThatAreOver_MakeRoom()
    {
        var full = After(WithBoss(), [.. Enumerable.Range(0, Limits.OpenInvitationsMax - 1).Select(i => Invited(Id(30_000 + i)))]);
        Assert.Null(InvitationRules.Invite(full, new(Command2, Boss, InvitationKind.Administrator), Now).Refusal);
        var over = After(full, Invited(Id(50_000)));
        Assert.Equal(RefusalCode.LimitExceeded, InvitationRules.Invite(over, new(Command2, Boss, InvitationKind.Administrator), Now).Refusal?.Code);
        Assert.Null(InvitationRules.Invite(over, new(Command2, Boss, InvitationKind.Administrator), Now.AddHours(Limits.InvitationHours)).Refusal);
        var later = over.After(Invited(Id(50_001)) with { At = Now.AddDays(3), Until = Now.AddDays(5) });
        Assert.Equal(OrganizationAccounts.OverKept, later.Accounts.Invitations.Count);
    }

    [Fact]
    public void WhoFollowsTheLink_IsAMember_Once_AndWithinTwoDays()
    {
        var invited = After(WithBoss(), Invited(Id(98), "nurse"));
        var accept = new AcceptInvitation(new InvitationId(Id(98)), InvitationKind.Practitioner, Id(31));
        var accepted = After(invited, state => InvitationRules.Accept(state, Hospital, accept, Now));

        Assert.Equal("nurse", accepted.Members[Kim.Id.Value]);
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, InvitationRules.Accept(accepted, Hospital, accept, Now.AddDays(9)));
        Assert.Equal(RefusalCode.WrongState, InvitationRules.Accept(accepted, Hospital, accept with { Account = Id(32) }, Now).Refusal?.Code);
        Assert.Equal(RefusalCode.WrongState, InvitationRules.Accept(invited, Hospital, accept, Now.AddHours(Limits.InvitationHours)).Refusal?.Code);
        Assert.Null(InvitationRules.Accept(invited, Hospital, accept, Now.AddHours(Limits.InvitationHours).AddTicks(-1)).Refusal);
        Assert.Equal(RefusalCode.WrongState, InvitationRules.Accept(invited, Hospital, accept with { Kind = InvitationKind.Administrator }, Now).Refusal?.Code);
        Assert.Equal(RefusalCode.WrongState, InvitationRules.Accept(invited, Hospital, accept with { Invitation = new InvitationId(Id(33)) }, Now).Refusal?.Code);
        var withdrawn = After(invited, state => InvitationRules.Withdraw(state, new(Boss, accept.Invitation), Now));
        Assert.Equal(RefusalCode.WrongState, InvitationRules.Accept(withdrawn, Hospital, accept, Now).Refusal?.Code);
    }

    [Fact]
    public void WithdrawingAnInvitation_IsForWhoRunsTheAccounts_AndForOperators_UntilItIsFollowed()
    {
        var invited = After(WithBoss(), Invited(Id(98)));
        var id = new InvitationId(Id(98));
        foreach (var asker in new[] { Boss, System, First })
            Assert.IsType<InvitationWithdrawn>(Assert.Single(InvitationRules.Withdraw(invited, new(asker, id), Now).Events));
        Assert.Equal(RefusalCode.NotFound, InvitationRules.Withdraw(invited, new(new Asker(DrLee, PurposeOfUse.HOPERAT), id), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, InvitationRules.Withdraw(invited, new(Boss, new InvitationId(Id(33))), Now).Refusal?.Code);
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, InvitationRules.Withdraw(invited, new(Boss, id), Now.AddDays(3)));
        var accepted = After(invited, new InvitationAccepted(Now, id, InvitationKind.Practitioner, Id(31)));
        Assert.Equal(RefusalCode.WrongState, InvitationRules.Withdraw(accepted, new(Boss, id), Now).Refusal?.Code);
    }

    [Fact]
    public void TheInstallation_HasOperatorsAndAuditors_AndNoOrganisationHas()
    {
        var accept = new AcceptInvitation(new InvitationId(Id(98)), InvitationKind.Operator, Id(31));
        foreach (var kind in new[] { InvitationKind.Operator, InvitationKind.Auditor })
            Assert.IsType<InvitationAccepted>(Assert.Single(InvitationRules.Accept(ProviderState.Initial, Installation.Id, accept with { Kind = kind }, Now).Events));
        foreach (var kind in new[] { InvitationKind.Practitioner, InvitationKind.Administrator })
            Assert.Equal(RefusalCode.WrongState, InvitationRules.Accept(ProviderState.Initial, Installation.Id, accept with { Kind = kind }, Now).Refusal?.Code);
        Assert.Equal(RefusalCode.WrongState, InvitationRules.Accept(WithBoss(), Hospital, accept, Now).Refusal?.Code);
        var taken = After(ProviderState.Initial, new InvitationAccepted(Now, accept.Invitation, InvitationKind.Operator, accept.Account));
        Assert.Equal(RefusalCode.WrongState, InvitationRules.Accept(taken, Installation.Id, accept with { Account = Id(32) }, Now).Refusal?.Code);
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, InvitationRules.Accept(taken, Installation.Id, accept, Now));
    }

    [Fact]
    public void WhatAPersonIs_IsEndedByAnotherOne()
    {
        var state = After(WithBoss(), new InvitationAccepted(Now, new InvitationId(Id(34)), InvitationKind.Administrator, Id(35)));
        Assert.Equal(RefusalCode.Forbidden, InvitationRules.EndStaff(state, new(Boss, Boss.Actor.Id), Now).Refusal?.Code);
        foreach (var asker in new[] { Boss, First, System })
            Assert.Equal(new StaffEnded(Now, Id(35), asker.Actor), Assert.Single(InvitationRules.EndStaff(state, new(asker, Id(35)), Now).Events));
        Assert.Equal(RefusalCode.NotFound, InvitationRules.EndStaff(state, new(new Asker(DrLee, PurposeOfUse.HOPERAT), Id(35)), Now).Refusal?.Code);
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, InvitationRules.EndStaff(state, new(First, Id(36)), Now));
        var ended = After(state, new StaffEnded(Now, Boss.Actor.Id, First.Actor));
        Assert.Equal(RefusalCode.NotFound, InvitationRules.Invite(ended, new(Command2, Boss, InvitationKind.Administrator), Now).Refusal?.Code);
    }

    [Fact]
    public void WhoBelongsNowhereAnyMore_HasNoGoodToken_AndWhoLeavesOneOfTwo_KeepsThem()
    {
        var (north, south) = (new ProviderId(Id(40)), new ProviderId(Id(41)));
        var kim = After(ProviderState.Initial, new ProviderRegistered(Now, Kim, CityHospital), new OrganizationJoined(Now, north), new OrganizationJoined(Now, south));
        Assert.Equal([new OrganizationLeft(Now, north)], ProviderTokenRules.Leave(kim, north, Now));
        var left = After(kim, [.. ProviderTokenRules.Leave(kim, north, Now)]);
        Assert.Equal([new OrganizationLeft(Now, south), new ProviderTokensEnded(Now, 1)], ProviderTokenRules.Leave(left, south, Now));
        Assert.Empty(ProviderTokenRules.Leave(left, north, Now));
    }

    [Fact]
    public void AllTokensOfAProvider_AreEndedByItself_ItsAdministratorsAndOperators_OnceForEachCommand()
    {
        var kim = After(ProviderState.Initial, new ProviderRegistered(Now, Kim, CityHospital));
        var itself = new Asker(Actor.Practitioner(Kim.Id), PurposeOfUse.HOPERAT);
        var ended = After(kim, state => ProviderTokenRules.End(state, new(Command, itself), Now));
        Assert.Equal(1, ended.Accounts.Tokens.Number);
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, ProviderTokenRules.End(ended, new(Command, itself), Now));
        Assert.Null(ProviderTokenRules.End(kim, new(Command, First), Now).Refusal);
        foreach (var asker in new[] { new Asker(DrLee, PurposeOfUse.HOPERAT), System, Boss, itself with { Actor = itself.Actor with { Kind = ActorKind.Organization } } })
            Assert.Equal(RefusalCode.NotFound, ProviderTokenRules.End(kim, new(Command, asker), Now).Refusal?.Code);
        foreach (var asker in new[] { System, Boss, First })
            Assert.Null(ProviderTokenRules.End(WithBoss(), new(Command, asker), Now).Refusal);
        Assert.Equal(RefusalCode.NotFound, ProviderTokenRules.End(WithBoss(), new(Command, System with { Actor = System.Actor with { Kind = ActorKind.Practitioner } }), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, ProviderTokenRules.End(ProviderState.Initial, new(Command, First), Now).Refusal?.Code);
    }

    [Fact]
    public void TheMembersOfAnAdmittedOrganisation_AreItsOwn()
    {
        Assert.Equal(RefusalCode.NotFound, ProviderRules.ChangeMembership(Admitted, new(First, Kim.Id, true), Now).Refusal?.Code);
        Assert.Null(ProviderRules.ChangeMembership(Registered, new(First, Kim.Id, true), Now).Refusal);
        Assert.Null(ProviderRules.ChangeMembership(WithBoss(), new(Boss, Kim.Id, true), Now).Refusal);
        Assert.Equal(RefusalCode.NotFound, ProviderRules.ChangeMembership(Admitted, new(Boss, Kim.Id, true), Now).Refusal?.Code);
    }

    private static readonly CommandId Command2 = new(Id(89));

    private static ProviderState WithBoss() => After(Admitted, new InvitationAccepted(Now, InvitationId.From(Command), InvitationKind.Administrator, Boss.Actor.Id));

    private static AccountInvited Invited(Guid id, string? role = null) =>
        new(Now, new InvitationId(id), InvitationKind.Practitioner, Boss.Actor, Now.AddHours(Limits.InvitationHours), Kim, role);

    private static ProviderState After(ProviderState state, params ProviderEvent[] events) => events.Aggregate(state, (before, happened) => before.After(happened));

    private static ProviderState After(ProviderState state, Func<ProviderState, Decided<ProviderEvent>> decide) => After(state, decide(state));

    private static ProviderState After(ProviderState state, Decided<ProviderEvent> decided)
    {
        Assert.Null(decided.Refusal);
        return After(state, [.. decided.Events]);
    }
}
