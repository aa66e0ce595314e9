using Hrms.Contracts;
using Hrms.Domain.Providers;
using Hrms.Domain.Requests;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Requests;

/// <summary>Who may ask for what, on the asker's side.</summary>
public sealed class RequestAskingTests
{
    private static readonly ProviderId Lee = new(DrLee.Id);
    private static readonly PatientId Ana = new(Id(100));
    private static readonly RequestConsent Command = new(
        new CommandId(Id(1)), new Asker(DrLee, PurposeOfUse.TREAT), Ana, Permit(DrLee, Only(DataClass.Laboratory)).Except(), "We plan your operation.");

    private static ProviderState State => new ProviderEvent[]
    {
        new ProviderRegistered(Now, new ProviderDraft(Lee, ProviderKind.Practitioner, "Lee", "s", "1"), DrLee),
        new OrganizationJoined(Now, new ProviderId(CityHospital.Id), "nurse"),
    }.Aggregate(ProviderState.Initial, (state, e) => state.After(e));

    [Fact, Trait("Feature", "15")]
    public void WhoAsks_MayAskForThemselvesAndTheirGroups_AndNobodyElse()
    {
        var hospital = new ProviderId(CityHospital.Id);
        Actor[] right = [DrLee, CityHospital, Actor.CareTeam(hospital), Actor.RoleWithin(hospital, "nurse")];
        Actor[] wrong =
        [
            DrKim, Actor.Organization(new ProviderId(Id(9))), Actor.RoleWithin(hospital, "doctor"), Actor.App("diary"), Actor.Delegate(Ana), Actor.Anyone,
        ];

        Assert.All(right, who => Assert.Single(Ask(Command with { Terms = Permit(who, Only(DataClass.Laboratory)).Except() }).Events));
        Assert.All(wrong, who => Assert.Equal("terms.rule.grantee", Ask(Command with { Terms = Permit(who, Only(DataClass.Laboratory)).Except() }).Refusal?.Place));
    }

    [Fact, Trait("Feature", "15")]
    public void OnlyARegisteredProvider_InPerson_Asks()
    {
        Asker[] wrong =
        [
            new(DrKim, PurposeOfUse.TREAT), new(Actor.Patient(new PatientId(Lee.Value)), PurposeOfUse.TREAT), new(DrLee, PurposeOfUse.TREAT, Actor.Patient(Ana)),
            new(new Actor(ActorKind.Operator, Lee.Value), PurposeOfUse.TREAT),
        ];

        Assert.All(wrong, asker => Assert.Equal(RefusalCode.Forbidden, Ask(Command with { Asker = asker }).Refusal?.Code));
        Assert.Equal(RefusalCode.Forbidden, RequestRules.Ask(ProviderState.Initial, Lee, Command, Now).Refusal?.Code);
    }

    [Fact, Trait("Feature", "15")]
    public void WhatCantBeMeant_IsRefusedWithItsPlace()
    {
        (RequestConsent Command, string Place)[] wrong =
        [
            (Command with { Message = " " }, "message"), (Command with { Message = new string('x', Limits.MessageLengthMax + 1) }, "message"),
            (Command with { ExpiresAt = Now }, "expiresAt"), (Command with { ExpiresAt = Now.AddDays(Limits.RequestDaysMax).AddTicks(1) }, "expiresAt"),
            (Command with { Terms = Deny(DrLee).Except() }, "terms.rule.type"), (Command with { Terms = Permit(DrLee).Valid(null, Now) }, "terms.validity.until"),
        ];

        Assert.All(wrong, item => Assert.Equal(item.Place, Ask(item.Command).Refusal?.Place));
        Assert.Single(Ask(Command with { Message = new string('x', Limits.MessageLengthMax), ExpiresAt = Now.AddDays(Limits.RequestDaysMax) }).Events);
    }

    [Fact, Trait("Feature", "15")]
    public void Asking_Again_ChangesNothing_AndForSomethingElseIsRefused()
    {
        var asked = State.After(Ask(Command).Events[0]);

        Assert.Same(Decided<ProviderEvent>.AlreadyDone, RequestRules.Ask(asked, Lee, Command, Now.AddYears(2)));
        Assert.Equal(RefusalCode.CommandReused, RequestRules.Ask(asked, Lee, Command with { Message = "Something else" }, Now).Refusal?.Code);
    }

    [Fact, Trait("Feature", "15")]
    public void OpenRequests_AreLimited_AndThoseThatAreOverMakeRoom()
    {
        var asked = ((ConsentAsked)Ask(Command).Events[0]).Request;
        var full = Enumerable.Range(0, Limits.OpenRequestsMax)
            .Aggregate(State, (state, i) => state.After(new ConsentAsked(Now, asked with { Id = new RequestId(NameBasedId.Create("test", $"r{i}")) })));

        Assert.Equal(RefusalCode.LimitExceeded, RequestRules.Ask(full, Lee, Command, Now).Refusal?.Code);
        var later = RequestRules.Ask(full, Lee, Command, asked.ExpiresAt);
        Assert.Equal(Limits.OpenRequestsMax, full.After(later.Events[0]).Requests.Count);
    }

    [Theory, Trait("Feature", "15")]
    [InlineData(null, null)]
    [InlineData(ConsentRequestStatus.Requested, null)]
    [InlineData(ConsentRequestStatus.Withdrawn, null)]
    [InlineData(ConsentRequestStatus.Approved, "approved")]
    [InlineData(ConsentRequestStatus.Refused, "refused")]
    [InlineData(ConsentRequestStatus.Expired, "expired")]
    public void WhoAsked_Withdraws_UntilThePatientOrTheClockHasDecided(ConsentRequestStatus? atPatient, string? over)
    {
        var asked = State.After(Ask(Command).Events[0]);

        var decided = RequestRules.Withdraw(asked, Lee, Withdrawal, atPatient, Now);

        Assert.Equal(over is null, decided.Events is [ConsentRequestWithdrawn]);
        Assert.Equal(over is null ? null : RefusalCode.WrongState, decided.Refusal?.Code);
        Assert.Contains(over ?? "", decided.Refusal?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact, Trait("Feature", "15")]
    public void AWithdrawal_OfAnothersRequest_OrOfNone_IsNotFound_AndASecondOneChangesNothing()
    {
        var asked = State.After(Ask(Command).Events[0]);
        var expires = ((ConsentAsked)Ask(Command).Events[0]).Request.ExpiresAt;

        Assert.Equal(RefusalCode.NotFound, RequestRules.Withdraw(State, Lee, Withdrawal, null, Now).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, RequestRules.Withdraw(asked, Lee, Withdrawal with { Asker = new Asker(DrKim, PurposeOfUse.TREAT) }, null, Now).Refusal?.Code);
        Assert.Equal(RefusalCode.WrongState, RequestRules.Withdraw(asked, Lee, Withdrawal, null, expires).Refusal?.Code);
        var withdrawn = asked.After(RequestRules.Withdraw(asked, Lee, Withdrawal, null, Now).Events[0]);
        Assert.Same(Decided<ProviderEvent>.AlreadyDone, RequestRules.Withdraw(withdrawn, Lee, Withdrawal, ConsentRequestStatus.Withdrawn, Now));
    }

    private static WithdrawRequest Withdrawal => new(new CommandId(Id(2)), Command.Asker, RequestId.From(Command.Command, DrLee));

    private static Decided<ProviderEvent> Ask(RequestConsent command) => RequestRules.Ask(State, Lee, command, Now);
}
