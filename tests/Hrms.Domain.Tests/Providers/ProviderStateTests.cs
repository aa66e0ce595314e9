using System.Text;
using Hrms.Contracts;
using Hrms.Domain.Providers;
using Hrms.Domain.Requests;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Providers;

/// <summary>What a provider's own stream keeps: who shares with it, what it must purge, what it asked for. No decision rests on it.</summary>
public sealed class ProviderStateTests
{
    private static readonly PatientId Ana = new(Id(100)), Ben = new(Id(101));
    private static readonly ConsentId Consent = new(Id(201));
    private static readonly PurgeDuty Duty = new(Ana, Consent, Now.AddDays(30), Now);
    private static readonly GlassEntry Entry = new(Ana, new BreakGlassId(Id(208)), Now, true), BensEntry = new(Ben, new BreakGlassId(Id(209)), Now, true);
    private static readonly ConsentRequest Request = new(new RequestId(Id(209)), Ana, DrLee, Permit(DrLee).Except(), "We plan your operation.", Now, Now.AddDays(30));

    [Fact, Trait("Feature", "29")]
    public void TheIndexOfWhoShares_FollowsThePatients_AndWhatItKnowsIsNoEvent()
    {
        var both = After(ProviderState.Initial, Told((Ana, true), (Ben, true)));
        Assert.Equal([Ana.Value, Ben.Value], both.Sharing.Keys.OrderBy(id => id == Ben.Value));
        Assert.All(both.Sharing.Values, sharing => Assert.Equal(new Sharing(Now), sharing));

        Assert.Equal([new PatientUnshared(Now, Ben)], ProviderRules.Index(both, Told((Ana, true), (Ben, false))));
        Assert.Equal([Ana.Value], After(both, Told((Ben, false))).Sharing.Keys);
        Assert.Empty(ProviderRules.Index(ProviderState.Initial, Told((Ana, false))));
    }

    [Fact, Trait("Feature", "29")]
    public void WhatIsSharedUntilAMoment_IsSharedNoLonger_AndAnotherEndOfItIsTheSameSharing()
    {
        DateTimeOffset end = Now.AddHours(1), later = Now.AddHours(2);
        var state = After(ProviderState.Initial, new PatientShared(Now, Ana, end));
        Assert.Equal((true, false), (state.Sharing[Ana.Value].HoldsAt(end.AddTicks(-1)), state.Sharing[Ana.Value].HoldsAt(end)));

        Assert.Empty(Told(state, end.AddMinutes(-1), true, end));
        Assert.Equal([new PatientShared(end.AddMinutes(-1), Ana, later)], Told(state, end.AddMinutes(-1), true, later));
        Assert.Equal([new PatientUnshared(end, Ana)], Told(state, end, false, null));
        Assert.Equal(new Sharing(Now, later), state.After(new PatientShared(end.AddMinutes(-1), Ana, later)).Sharing[Ana.Value]);
        Assert.Equal(new Sharing(Now), state.After(new PatientShared(end.AddMinutes(-1), Ana)).Sharing[Ana.Value]);
        // After its end it is another one.
        Assert.Equal(new Sharing(end, later), state.After(new PatientShared(end, Ana, later)).Sharing[Ana.Value]);
        // An entry of before ends were kept holds until the patient's grain tells again.
        Assert.True(After(ProviderState.Initial, new PatientShared(Now, Ana)).Sharing[Ana.Value].HoldsAt(DateTimeOffset.MaxValue));

        static IReadOnlyList<ProviderEvent> Told(ProviderState state, DateTimeOffset at, bool shares, DateTimeOffset? until) =>
            ProviderRules.Index(state, new Dictionary<PatientId, (bool, DateTimeOffset, DateTimeOffset?)> { [Ana] = (shares, at, until) });
    }

    [Fact, Trait("Feature", "20")]
    public void ADutyToPurge_StandsOnce_UntilItEnds()
    {
        var other = Duty with { Consent = new ConsentId(Id(202)) };
        var owed = After(ProviderState.Initial, new PurgeDutyArose(Now, Duty), new PurgeDutyArose(Now, other), new PurgeDutyArose(Now, Duty with { PurgeBy = Now.AddDays(3) }));

        Assert.Equal([other, Duty with { PurgeBy = Now.AddDays(3) }], owed.Duties);
        Assert.Equal([other], owed.After(new PurgeDutyEnded(Now, Ana, Consent)).Duties);
        Assert.Equal(2, owed.After(new PurgeDutyEnded(Now, Ben, Consent)).Duties.Count);
    }

    [Fact, Trait("Feature", "62")]
    public void OfAnErasedPatient_OnlyWhatMustBePurgedStays()
    {
        var known = After(
            ProviderState.Initial, new PatientShared(Now, Ana), new PatientShared(Now, Ben), new GlassReviewQueued(Now, Entry), new GlassReviewQueued(Now, BensEntry), new PurgeDutyArose(Now, Duty));
        var more = Duty with { Consent = new ConsentId(Id(202)) };

        var forgotten = After(known, [.. ProviderRules.Forget(known, Ana, [Duty, more], Now)]);

        Assert.Equal([Ben.Value], forgotten.Sharing.Keys);
        Assert.Equal([BensEntry], forgotten.Reviews.Values);
        Assert.Equal([Duty, more], forgotten.Duties);
        Assert.Empty(ProviderRules.Forget(forgotten, Ana, [Duty, more], Now));
    }

    [Fact, Trait("Feature", "17")]
    public void TheOldestRequestThatIsOver_MakesRoomForTheNext_AndOpenOnesStay()
    {
        ConsentRequest Asked(int number, int days) => Request with { Id = new RequestId(Id(20_000 + number)), At = Now.AddMinutes(number), ExpiresAt = Now.AddDays(days) };
        var full = After(ProviderState.Initial, [.. Enumerable.Range(0, Limits.OpenRequestsMax).Select(i => new ConsentAsked(Now, Asked(i, i is 2 or 3 ? 1 : 30)))]);
        var next = Asked(Limits.OpenRequestsMax, 30);

        var later = full.After(new ConsentAsked(Now.AddDays(1), next));

        Assert.Equal(Limits.OpenRequestsMax, full.Requests.Count);
        Assert.Equal(Limits.OpenRequestsMax, later.Requests.Count);
        Assert.Equal((false, true, true), (Has(later, Asked(2, 1)), Has(later, Asked(3, 1)), Has(later, next)));
        Assert.True(Has(full.After(new ConsentAsked(Now, next)), Asked(2, 1)));

        static bool Has(ProviderState state, ConsentRequest request) => state.Requests.ContainsKey(request.Id.Value);
    }

    [Fact]
    public void ASnapshot_RestoresAllOfIt()
    {
        var draft = new ProviderDraft(new ProviderId(CityHospital.Id), ProviderKind.Organization, "City Hospital", "urn:test", "1");
        var state = After(
            ProviderState.Initial, new ProviderRegistered(Now, draft, CityHospital), new MemberAdded(Now, new ProviderId(DrLee.Id), "nurse"), new MemberAdded(Now, new ProviderId(DrKim.Id)),
            new OrganizationJoined(Now, new ProviderId(Id(4)), "partner"), new OrganizationJoined(Now, new ProviderId(Id(5))), new PatientShared(Now, Ana), new PatientShared(Now, Ben, Now.AddHours(1)), new PurgeDutyArose(Now, Duty),
            new GlassReviewQueued(Now, Entry), new ConsentAsked(Now, Request), new ConsentAsked(Now, Request with { Id = new RequestId(Id(210)) }),
            new ConsentRequestWithdrawn(Now, new RequestId(Id(210))));

        var restored = EventJson.Read<ProviderSnapshot>(EventJson.Write(ProviderSnapshot.Of(state))).Restore();

        Assert.Equal((draft, CityHospital), (restored.Profile, restored.RegisteredBy));
        Assert.Equal(state.Members, restored.Members);
        Assert.Equal(state.MemberOf, restored.MemberOf);
        Assert.Equal(state.Sharing, restored.Sharing);
        Assert.Equal(state.Duties, restored.Duties);
        Assert.Equal(state.Reviews, restored.Reviews);
        Assert.Equal((null, Now), (restored.Requests[Id(209)].WithdrawnAt, restored.Requests[Id(210)].WithdrawnAt));
        Assert.Equal(Encoding.UTF8.GetString(EventJson.Write(ProviderSnapshot.Of(state))), Encoding.UTF8.GetString(EventJson.Write(ProviderSnapshot.Of(restored))));
    }

    [Fact]
    public void WhoLeaves_IsNoMemberAnyMore_OnEitherSide()
    {
        var member = After(ProviderState.Initial, new OrganizationJoined(Now, new ProviderId(Id(4)), "nurse"), new OrganizationJoined(Now, new ProviderId(Id(4)), "head nurse"));
        Assert.Equal("head nurse", Assert.Single(member.MemberOf).Value);
        Assert.Empty(member.After(new OrganizationLeft(Now, new ProviderId(Id(4)))).MemberOf);
    }

    private static ProviderState After(ProviderState state, params IEnumerable<ProviderEvent> events) => events.Aggregate(state, (before, happened) => before.After(happened));

    private static ProviderState After(ProviderState state, Dictionary<PatientId, (bool, DateTimeOffset, DateTimeOffset?)> told) => After(state, ProviderRules.Index(state, told));

    private static Dictionary<PatientId, (bool Shares, DateTimeOffset Since, DateTimeOffset? Until)> Told(params (PatientId Patient, bool Shares)[] words) =>
        words.ToDictionary(word => word.Patient, word => (word.Shares, Now, (DateTimeOffset?)null));
}
