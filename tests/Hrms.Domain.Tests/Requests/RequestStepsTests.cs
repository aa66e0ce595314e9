using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using Hrms.Domain.Providers;
using Hrms.Domain.Requests;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Requests;

/// <summary>Every state of a request, every step, every actor: the few steps that are right, and all others refused.</summary>
public sealed class RequestStepsTests
{
    private static readonly PatientId Ana = new(Id(100));
    private static readonly PatientId Guardian = new(Id(101));
    private static readonly CommandId Approval = new(Id(200));
    private static readonly byte[] Secret = new byte[32];

    private static readonly ConsentRequest Request = new(
        RequestId.From(new CommandId(Id(1)), DrLee), Ana, DrLee, Permit(DrLee, Only(DataClass.Laboratory)).Except(), "We plan your operation.", Now, Now.AddDays(30));

    private static readonly ConsentRequestStatus[] States = Enum.GetValues<ConsentRequestStatus>();

    private static readonly Dictionary<string, Asker> Actors = new()
    {
        ["patient"] = new(Actor.Patient(Ana), PurposeOfUse.PATRQT),
        ["full delegate"] = new(Actor.Patient(Guardian), PurposeOfUse.FAMRQT, Actor.Patient(Ana)),
        ["full delegate in his own name"] = new(Actor.Patient(Guardian), PurposeOfUse.FAMRQT),
        ["viewing delegate"] = new(Actor.Patient(new PatientId(Id(102))), PurposeOfUse.FAMRQT, Actor.Patient(Ana)),
        ["another patient"] = new(Actor.Patient(new PatientId(Id(103))), PurposeOfUse.PATRQT),
        ["asker"] = new(DrLee, PurposeOfUse.TREAT),
        ["asker for the patient"] = new(DrLee, PurposeOfUse.TREAT, Actor.Patient(Ana)),
        ["colleague"] = new(DrKim, PurposeOfUse.TREAT),
        ["hospital"] = new(CityHospital, PurposeOfUse.TREAT),
        ["operator"] = new(new Actor(ActorKind.Operator, Guid.Empty), PurposeOfUse.HOPERAT),
    };

    private static readonly string[] Steps = ["approve", "narrow", "widen", "refuse", "withdraw"];

    private static readonly HashSet<(ConsentRequestStatus State, string Step, string Actor)> Right =
    [
        (ConsentRequestStatus.Requested, "approve", "patient"), (ConsentRequestStatus.Requested, "approve", "full delegate"),
        (ConsentRequestStatus.Requested, "narrow", "patient"), (ConsentRequestStatus.Requested, "narrow", "full delegate"),
        (ConsentRequestStatus.Requested, "refuse", "patient"), (ConsentRequestStatus.Requested, "refuse", "full delegate"),
        (ConsentRequestStatus.Requested, "withdraw", "asker"),
    ];

    /// <summary>Wishes that are fulfilled already: answered as done, and nothing happens.</summary>
    private static readonly HashSet<(ConsentRequestStatus State, string Step, string Actor)> Fulfilled =
    [
        (ConsentRequestStatus.Refused, "refuse", "patient"), (ConsentRequestStatus.Refused, "refuse", "full delegate"),
        (ConsentRequestStatus.Withdrawn, "withdraw", "asker"),
    ];

    [Fact, Trait("Feature", "15")]
    public void OnlyTheRightActor_MakesEachStep_AndEveryOtherIsRefused()
    {
        var checkedSteps = 0;
        foreach (var (state, step, actor) in from s in States from t in Steps from a in Actors.Keys select (s, t, a))
        {
            var decided = Decide(In(state), step, Actors[actor], Late(state));
            var what = $"{state}: {step} by {actor}: {decided.Refusal}";
            Assert.True(Right.Contains((state, step, actor)) == decided.Events.Count > 0, what);
            Assert.True((Right.Contains((state, step, actor)) || Fulfilled.Contains((state, step, actor))) == (decided.Refusal is null), what);
            checkedSteps++;
        }
        Assert.Equal(States.Length * Steps.Length * Actors.Count, checkedSteps);
    }

    [Theory, Trait("Feature", "15")]
    [InlineData("approve", ConsentRequestStatus.Approved), InlineData("narrow", ConsentRequestStatus.Approved)]
    [InlineData("refuse", ConsentRequestStatus.Refused), InlineData("withdraw", ConsentRequestStatus.Withdrawn)]
    public void EachRightStep_LeadsToItsState_ForEver(string step, ConsentRequestStatus to)
    {
        var events = Decide(In(ConsentRequestStatus.Requested), step, Actors[step == "withdraw" ? "asker" : "patient"], Now).Events;

        var request = In(ConsentRequestStatus.Requested).After(events, 10).Requests.Find(Request.Id)!;

        Assert.Equal((to, to), (request.StatusAt(Now), request.StatusAt(Now.AddYears(1))));
        Assert.Equal(Now, request.ClosedAt);
    }

    [Fact, Trait("Feature", "16")]
    public void Approval_GivesTheNarrowedConsent_InOneAppend()
    {
        var events = Decide(In(ConsentRequestStatus.Requested), "narrow", Actors["patient"], Now).Events;

        var approved = Assert.IsType<RequestApproved>(events[0]);
        var granted = Assert.IsType<ConsentGranted>(events[1]);
        Assert.Equal(approved.Consent, granted.Consent);
        Assert.Equal([PurposeOfUse.TREAT], granted.Terms.Rule.Purposes);
        Assert.Equal(2, events.Count);
    }

    [Fact, Trait("Feature", "15")]
    public void Approval_ThatComesAgain_ChangesNothing_AndWithOtherTermsIsRefused()
    {
        var approved = In(ConsentRequestStatus.Approved);

        Assert.Same(Decided<PatientEvent>.AlreadyDone, RequestRules.Approve(approved, new ApproveRequest(Approval, Actors["patient"], Request.Id), Now.AddYears(1), Secret));
        Assert.Equal(
            RefusalCode.CommandReused,
            RequestRules.Approve(approved, new ApproveRequest(Approval, Actors["patient"], Request.Id, Narrowed), Now, Secret).Refusal?.Code);
    }

    [Fact, Trait("Feature", "16")]
    public void Approval_OfTermsThatCantBeGiven_SaysWhy()
    {
        var (asked, over) = (In(ConsentRequestStatus.Requested), Narrowed with { Validity = new Period(null, Now) });
        var reused = asked.After(ConsentRules.Grant(asked, new GrantConsent(Approval, Actors["patient"], Request.Terms), Now, Secret).Events, 5);

        Assert.Equal("terms.validity.until", RequestRules.Approve(asked, new ApproveRequest(Approval, Actors["patient"], Request.Id, over), Now, Secret).Refusal?.Place);
        Assert.Equal(RefusalCode.CommandReused, RequestRules.Approve(reused, new ApproveRequest(Approval, Actors["patient"], Request.Id), Now, Secret).Refusal?.Code);
    }

    [Fact, Trait("Feature", "16"), Trait("Feature", "24")]
    public void Approval_WithADenial_NeedsTheAcknowledgement_WhichIsKept()
    {
        var asked = In(ConsentRequestStatus.Requested);
        var approve = new ApproveRequest(Approval, Actors["patient"], Request.Id, Permit(DrLee, Only(DataClass.Laboratory)).Except(Deny(DrLee, Labelled("HIV"))));

        var unwarned = RequestRules.Approve(asked, approve, Now, Secret).Refusal;
        var granted = RequestRules.Approve(asked, approve with { ImpactAcknowledged = true }, Now, Secret).Events.OfType<ConsentGranted>().Single();

        Assert.Equal((RefusalCode.ImpactNotAcknowledged, "impactAcknowledged"), (unwarned?.Code, unwarned?.Place));
        Assert.True(granted.ImpactAcknowledged);
    }

    [Fact, Trait("Feature", "15")]
    public void Expiry_IsReadOffTheClock()
    {
        var request = In(ConsentRequestStatus.Requested).Requests.Find(Request.Id)!;

        Assert.Equal(ConsentRequestStatus.Requested, request.StatusAt(Request.ExpiresAt.AddTicks(-1)));
        Assert.Equal(ConsentRequestStatus.Expired, request.StatusAt(Request.ExpiresAt));
    }

    [Fact, Trait("Feature", "15")]
    public void Receiving_Twice_OrTooLate_OrForNobody_StoresNothing()
    {
        Assert.Single(RequestRules.Receive(Registered, Request, Now).Events);
        Assert.Empty(RequestRules.Receive(In(ConsentRequestStatus.Requested), Request, Now).Events);
        Assert.Empty(RequestRules.Receive(Registered, Request, Request.ExpiresAt).Events);
        Assert.Empty(RequestRules.Receive(PatientState.Initial(Ana), Request, Now).Events);
    }

    [Fact, Trait("Feature", "15")]
    public void AFullBook_TakesNoMore_UntilSomeAreOver()
    {
        var full = Registered.After([.. Enumerable.Range(0, Limits.RequestsMax).Select(i => new ConsentRequested(Now, Request with { Id = new RequestId(Id(5_000 + i)) }))], 2);

        Assert.Empty(RequestRules.Receive(full, Request, Now).Events);
        var one = full.After([new RequestRefused(Now, new RequestId(Id(5_001)), Actor.Patient(Ana))], 2_000);
        var received = one.After(RequestRules.Receive(one, Request, Now).Events, 2_001).Requests;
        Assert.Equal((Limits.RequestsMax, null), (received.All.Count, received.Find(new RequestId(Id(5_001)))));
        Assert.NotNull(received.Find(Request.Id));
    }

    private static readonly ConsentTerms Narrowed = Permit(DrLee, Only(DataClass.Laboratory), @for: [PurposeOfUse.TREAT]).Except();

    private static PatientState Registered => PatientState.Initial(Ana).After(
        [
            new PatientRegistered(Now, Ana, Actor.Patient(Ana)),
            new DelegateAppointed(Now, new DelegationId(Id(300)), Guardian, DelegateRole.Representative, DelegateLevel.Full, null, Actor.Patient(Ana)),
            new DelegateAppointed(Now, new DelegationId(Id(301)), new PatientId(Id(102)), DelegateRole.Representative, DelegateLevel.View, null, Actor.Patient(Ana)),
        ],
        1);

    private static PatientState In(ConsentRequestStatus status)
    {
        var asked = Registered.After([new ConsentRequested(Now, Request)], 4);
        return status switch
        {
            ConsentRequestStatus.Approved => asked.After(Decide(asked, "approve", Actors["patient"], Now, Approval).Events, 5),
            ConsentRequestStatus.Refused => asked.After([new RequestRefused(Now, Request.Id, Actor.Patient(Ana))], 5),
            ConsentRequestStatus.Withdrawn => asked.After([new RequestWithdrawn(Now, Request.Id)], 5),
            _ => asked,
        };
    }

    private static DateTimeOffset Late(ConsentRequestStatus status) => status == ConsentRequestStatus.Expired ? Request.ExpiresAt : Now;

    private static Decided<PatientEvent> Decide(PatientState state, string step, Asker asker, DateTimeOffset now, CommandId? command = null) => step switch
    {
        "approve" => RequestRules.Approve(state, new ApproveRequest(command ?? new CommandId(Id(201)), asker, Request.Id), now, Secret),
        "narrow" => RequestRules.Approve(state, new ApproveRequest(new CommandId(Id(202)), asker, Request.Id, Narrowed), now, Secret),
        "widen" => RequestRules.Approve(state, new ApproveRequest(new CommandId(Id(203)), asker, Request.Id, Permit(DrLee).Except()), now, Secret),
        "refuse" => RequestRules.Refuse(state, new RefuseRequest(new CommandId(Id(204)), asker, Request.Id), now),
        // The asker's grain says whose withdrawal it is, never on somebody's behalf.
        _ => asker.OnBehalfOf is null ? RequestRules.Withdraw(state, Request.Id, asker.Actor, now) : Refusal.NotFound(),
    };
}
