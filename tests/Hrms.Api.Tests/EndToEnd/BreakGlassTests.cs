using System.Text.Json;
using Hrms.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>An emergency that no consent foresaw.</summary>
[Collection(nameof(TimeTravel))]
public sealed class BreakGlassTests(HrmsFixture hrms)
{
    private const string NoticeAdded = "subscription($id: ID!) { noticeAdded(patient: $id) { kind about by { kind id } until } }";

    [Fact, Trait("Feature", "32")]
    public async Task BrokenGlass_OpensItsPartOfThisPatient_UntilTheMinuteItEnds()
    {
        var (ana, ben, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.AddsAsync(Clinic.Prescription());
        await ben.AddsAsync(Clinic.LabResult());

        Assert.Equal(("INVALID", "reason"), await drLee.TriesToBreakGlassAsync(ana, reason: "") is var none ? (none.Refusal, none.Place) : default);
        Assert.Equal(("INVALID", "minutes"), await drLee.TriesToBreakGlassAsync(ana, minutes: 241) is var late ? (late.Refusal, late.Place) : default);
        await ana.GrantsAsync(drLee, new Terms { Type = ProvisionType.Deny });
        Assert.Empty(await drLee.SeesAsync(ana, PurposeOfUse.BTG));
        var opened = (await drLee.TriesToBreakGlassAsync(ana, minutes: 30, classes: [DataClass.Laboratory])).Done().Payload.GetProperty("glass");

        Assert.Equal([lab], await drLee.SeesAsync(ana, PurposeOfUse.BTG));
        Assert.NotNull(await drLee.ReadsAsync(ana, lab, purpose: PurposeOfUse.BTG));
        Assert.Empty(await drLee.SeesAsync(ana));
        Assert.Empty(await drLee.SeesAsync(ben, PurposeOfUse.BTG));
        Assert.Empty(await drNo.SeesAsync(ana, PurposeOfUse.BTG));
        Assert.Contains((await ana.HistoryOfAsync(drLee)).SelectMany(line => line.Records), record => record.Reason == "BREAK_GLASS" && record.Consent == opened.GetProperty("id").GetGuid());

        var until = opened.GetProperty("until").GetDateTimeOffset();
        hrms.Clock.AdvanceTo(until.AddMinutes(-1));
        Assert.NotNull(await drLee.ReadsAsync(ana, lab, purpose: PurposeOfUse.BTG));
        hrms.Clock.AdvanceTo(until);
        Assert.Null(await drLee.ReadsAsync(ana, lab, purpose: PurposeOfUse.BTG));
    }

    [Fact, Trait("Feature", "32")]
    public async Task BrokenGlass_IsNamedInWhoCanSeeAndExplain_AndSendsNothingNew()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var glass = await drLee.BreaksGlassAsync(ana);
        await using var stream = await LiveStream.OpenAsync(
            hrms.Http, drLee, "subscription($id: ID!) { recordAdded(patient: $id, purpose: BTG) { id } }", new { id = ana.Id });
        await ana.AddsAsync(Clinic.LabResult());

        var seen = (await ana.AsksAsync(
            """
            query($id: ID!, $record: ID!, $who: ID!) { patient(id: $id) {
              whoCanSee(record: $record) { grantee { id } purposes explanation { permitted reason consent } }
              explain(input: { who: { practitioner: $who }, purpose: BTG, record: $record }) { permitted reason consent text provision { purposes actions } } } }
            """,
            new { id = ana.Id, record = lab, who = drLee.Id })).Patient;

        var viewer = Assert.Single(seen.GetProperty("whoCanSee").EnumerateArray(), viewer => viewer.GetProperty("explanation").GetProperty("permitted").GetBoolean());
        Assert.Equal((drLee.Id, "BTG"), (viewer.GetProperty("grantee").GetProperty("id").GetGuid(), Assert.Single(viewer.GetProperty("purposes").EnumerateArray()).GetString()));
        foreach (var explained in new[] { viewer.GetProperty("explanation"), seen.GetProperty("explain") })
            Assert.Equal(("BREAK_GLASS", glass), (explained.GetProperty("reason").GetString(), explained.GetProperty("consent").GetGuid()));
        Assert.Contains($"permits the practitioner {drLee.Id} View, Query with all data for BTG", seen.GetProperty("explain").GetProperty("text").GetString()!, StringComparison.Ordinal);
        Assert.Equal(0, stream.Waiting);
    }

    [Fact, Trait("Feature", "32")]
    public async Task OnlyPractitioners_BreakIt_AndOnNoPatientItIsRefused()
    {
        var (ana, ghost) = (await hrms.PatientAsync(), await hrms.PatientAsync(Guid.NewGuid()));
        var nobody = new Provider(hrms, Guid.NewGuid(), ProviderKind.Practitioner, await hrms.TokenAsync(practitioner: Guid.NewGuid()));
        Party[] others = [nobody, await hrms.OrganizationAsync(), await hrms.OperatorAsync(), await hrms.PatientAsync()];

        foreach (var other in others)
        {
            var (real, absent) = (await other.TriesToBreakGlassAsync(ana), await other.TriesToBreakGlassAsync(ghost));
            Assert.Equal("FORBIDDEN", real.Refusal);
            Assert.Equal(absent.Payload.ToString(), real.Payload.ToString());
        }
        Assert.Equal("NOT_FOUND", (await (await hrms.PractitionerAsync()).TriesToBreakGlassAsync(ghost)).Refusal);
        Assert.Empty(await ana.BrokenGlassesAsync());
    }

    [Fact, Trait("Feature", "35")]
    public async Task OptOut_HoldsAgainstBrokenGlass_AndLooksLikeAnEmptyRecord()
    {
        var (ana, empty, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        (await ana.TriesToOptOutAsync(ana)).Done();
        await drLee.BreaksGlassAsync(ana);
        await drLee.BreaksGlassAsync(empty);

        var (closed, bare) = (await drLee.ListsAsync(ana, PurposeOfUse.BTG), await drLee.ListsAsync(empty, PurposeOfUse.BTG));
        Assert.Equal(bare.ToString(), closed.ToString());
        Assert.Null(await drLee.ReadsAsync(ana, lab, purpose: PurposeOfUse.BTG));
        Assert.Contains("GLASS_BROKEN", await ana.NoticesAsync());

        (await ana.TriesToOptOutAsync(ana, optedOut: false)).Done();
        Assert.Equal([lab], await drLee.SeesAsync(ana, PurposeOfUse.BTG));
    }

    [Fact, Trait("Feature", "33")]
    public async Task Patient_IsTold_AndSoIsWhoActsFullyForThem()
    {
        var (ana, son, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.AppointsAsync(son, DelegateLevel.Full);
        // Who is told nothing listens first, so that what would be sent is there when the others have theirs.
        await using var doctors = await LiveStream.OpenAsync(hrms.Http, drLee, NoticeAdded, new { id = ana.Id });
        await using var hers = await LiveStream.OpenAsync(hrms.Http, ana, NoticeAdded, new { id = ana.Id });
        await using var his = await LiveStream.OpenAsync(hrms.Http, await hrms.ActingForAsync(son, ana), NoticeAdded, new { id = ana.Id });

        var glass = await drLee.BreaksGlassAsync(ana);

        var told = (await hers.NextAsync()).GetProperty("noticeAdded");
        Assert.Equal(
            ("GLASS_BROKEN", glass, drLee.Id), (told.GetProperty("kind").GetString(), told.GetProperty("about").GetGuid(), told.GetProperty("by").GetProperty("id").GetGuid()));
        Assert.Equal("GLASS_BROKEN", (await his.NextAsync()).GetProperty("noticeAdded").GetProperty("kind").GetString());
        Assert.Equal(0, doctors.Waiting);
    }

    [Fact, Trait("Feature", "30")]
    public async Task Ward_IsToldWhenTheGuardianshipEnds_ByTheClockAlone()
    {
        var (father, ofAge) = (await hrms.PatientAsync(), hrms.Clock.GetUtcNow().AddMinutes(1));
        var (child, guardianship) = await hrms.ChildAsync(father, ofAge);
        await using var stream = await LiveStream.OpenAsync(hrms.Http, child, NoticeAdded, new { id = child.Id });
        await using var fathers = await LiveStream.OpenAsync(hrms.Http, await hrms.ActingForAsync(father, child), NoticeAdded, new { id = child.Id });
        Assert.Equal(["DELEGATE_APPOINTED"], await child.NoticesAsync());

        // Nobody asked the child's grain anything for long: it stays all the same while somebody listens.
        await hrms.ForgetAsync();
        hrms.Clock.AdvanceTo(ofAge);

        var told = (await stream.NextAsync()).GetProperty("noticeAdded");
        Assert.Equal(("DELEGATION_ENDED", guardianship), (told.GetProperty("kind").GetString(), told.GetProperty("about").GetGuid()));
        Assert.Equal(["DELEGATION_ENDED", "DELEGATE_APPOINTED"], await child.NoticesAsync());
        await fathers.EndsAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Nobody stays in by breaking it again and again unnoticed: what is open ends when it was said to, and another breaking is told and reviewed like the first.</summary>
    [Fact, Trait("Feature", "33"), Trait("Feature", "34")]
    public async Task BreakingItAgain_ExtendsNothing_AndIsAnotherNotice_AndAnotherReview()
    {
        var (ana, hospital, drLee, officer) = (
            await hrms.PatientAsync(), await hrms.OrganizationAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync("Officer"));
        await hospital.HasMemberAsync(drLee);
        await hospital.HasOfficerAsync(officer);
        var lab = await ana.AddsAsync(Clinic.LabResult());

        var first = (await drLee.TriesToBreakGlassAsync(ana, minutes: 30)).Done().Payload.GetProperty("glass");
        var second = (await drLee.TriesToBreakGlassAsync(ana, minutes: 60)).Done().Payload.GetProperty("glass");

        Guid[] both = [first.GetProperty("id").GetGuid(), second.GetProperty("id").GetGuid()];
        Assert.Distinct(both);
        Assert.Equal(["GLASS_BROKEN", "GLASS_BROKEN"], await ana.NoticesAsync());
        Assert.Equal(both.Order(), (await officer.QueueAsync(hospital)).Select(entry => entry.GetProperty("id").GetGuid()).Order());
        Assert.Equal(
            [second.GetProperty("until").GetDateTimeOffset(), first.GetProperty("until").GetDateTimeOffset()],
            (await ana.BrokenGlassesAsync()).Select(glass => glass.GetProperty("until").GetDateTimeOffset()));

        // After the first ends, what is read is read under the second alone.
        hrms.Clock.AdvanceTo(first.GetProperty("until").GetDateTimeOffset());
        Assert.NotNull(await drLee.ReadsAsync(ana, lab, purpose: PurposeOfUse.BTG));
        Assert.Equal(both[1], (await ana.HistoryOfAsync(drLee)).SelectMany(line => line.Records).First(record => record.Reason == "BREAK_GLASS").Consent);
        hrms.Clock.AdvanceTo(second.GetProperty("until").GetDateTimeOffset());
        Assert.Null(await drLee.ReadsAsync(ana, lab, purpose: PurposeOfUse.BTG));
    }

    [Fact, Trait("Feature", "34")]
    public async Task EveryBreaking_IsReviewedByTwoPersons_AndThePatientSeesIt()
    {
        var (ana, hospital, drLee, first, second) = (
            await hrms.PatientAsync(), await hrms.OrganizationAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync("Officer"), await hrms.PractitionerAsync("Officer"));
        await hospital.HasMemberAsync(drLee);
        await hospital.HasOfficerAsync(first);
        await hospital.HasOfficerAsync(second);
        var glass = await drLee.BreaksGlassAsync(ana);

        Assert.Equal(glass, Assert.Single(await first.QueueAsync(hospital)).GetProperty("id").GetGuid());
        foreach (var stranger in new Party[] { drLee, hospital, await hrms.PractitionerAsync(), await hrms.OperatorAsync(), ana })
        {
            Assert.Empty(await stranger.QueueAsync(hospital));
            Assert.Equal("NOT_FOUND", (await stranger.FindsAsync(ana, glass)).Refusal);
            Assert.DoesNotContain(glass, (await stranger.QueueAsync()).Select(entry => entry.GetProperty("id").GetGuid()));
        }
        (await first.FindsAsync(ana, glass)).Done();
        Assert.Equal("FORBIDDEN", (await first.ClosesReviewAsync(ana, glass)).Refusal);
        Assert.Equal("FOUND", ReviewOf(Assert.Single(await ana.BrokenGlassesAsync()), "status"));
        (await second.ClosesReviewAsync(ana, glass)).Done();

        Assert.Empty(await first.QueueAsync(hospital));
        var seen = Assert.Single(await ana.BrokenGlassesAsync());
        Assert.Equal(("CLOSED", "JUSTIFIED"), (ReviewOf(seen, "status"), ReviewOf(seen, "finding")));
        Assert.Equal((drLee.Id, "Unconscious, no relatives"), (seen.GetProperty("by").GetProperty("id").GetGuid(), seen.GetProperty("reason").GetString()));
        Assert.Equal((first.Id, second.Id), (IdOf(seen, "foundBy"), IdOf(seen, "closedBy")));
        Assert.Equal(["GLASS_REVIEW_CLOSED", "GLASS_FINDING_RECORDED", "GLASS_BROKEN"], await ana.NoticesAsync());
        Assert.Contains(await ana.HistoryOfAsync(first), line => line is { Operation: "glassReview", Permitted: true, Reason: "GLASS_REVIEW" });
    }

    [Fact, Trait("Feature", "34")]
    public async Task WhoBrokeIt_DoesNotReviewIt_EvenAsAnOfficer()
    {
        var (ana, hospital, drLee) = (await hrms.PatientAsync(), await hrms.OrganizationAsync(), await hrms.PractitionerAsync());
        await hospital.HasOfficerAsync(drLee);
        var glass = await drLee.BreaksGlassAsync(ana);

        Assert.Equal("FORBIDDEN", (await drLee.FindsAsync(ana, glass)).Refusal);
        Assert.Equal("FORBIDDEN", (await drLee.ClosesReviewAsync(ana, glass)).Refusal);
    }

    [Fact, Trait("Feature", "34")]
    public async Task UnreviewedFor72Hours_EscalatesToOperators_ByTheClockAlone()
    {
        var (ana, hospital, drLee, clerk) = (await hrms.PatientAsync(), await hrms.OrganizationAsync(), await hrms.PractitionerAsync(), await hrms.OperatorAsync());
        await hospital.HasMemberAsync(drLee);
        var glass = await drLee.BreaksGlassAsync(ana);
        Assert.Null(await EntryAsync());
        Assert.Equal("NOT_FOUND", (await clerk.FindsAsync(ana, glass)).Refusal);

        hrms.Clock.Advance(TimeSpan.FromHours(72));

        Assert.Equal("True", ReviewOf((await EntryAsync())!.Value, "escalated"));
        Assert.Contains("GLASS_REVIEW_OVERDUE", await ana.NoticesAsync());
        (await clerk.FindsAsync(ana, glass, GlassFinding.Unjustified)).Done();

        async Task<JsonElement?> EntryAsync() =>
            (await clerk.QueueAsync()).Select(entry => (JsonElement?)entry).FirstOrDefault(entry => entry!.Value.GetProperty("id").GetGuid() == glass);
    }

    [Fact, Trait("Feature", "34")]
    public async Task APractitionerOfNoOrganisation_IsReviewedByOperators()
    {
        var (ana, drLee, clerk, other) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.OperatorAsync(), await hrms.OperatorAsync());
        var glass = await drLee.BreaksGlassAsync(ana);

        Assert.Contains(glass, (await clerk.QueueAsync()).Select(entry => entry.GetProperty("id").GetGuid()));
        (await clerk.FindsAsync(ana, glass)).Done();
        (await other.ClosesReviewAsync(ana, glass)).Done();
        Assert.DoesNotContain(glass, (await clerk.QueueAsync()).Select(entry => entry.GetProperty("id").GetGuid()));
    }

    [Fact, Trait("Feature", "34")]
    public async Task AnEntryAboutNothing_TakesNoOthersPlaceInTheQueue()
    {
        var (ana, hospital, drLee, officer) = (await hrms.PatientAsync(), await hrms.OrganizationAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync("Officer"));
        await hospital.HasMemberAsync(drLee);
        await hospital.HasOfficerAsync(officer);
        var queue = (await hrms.HostAsync()).Services.GetRequiredService<IGrainFactory>().GetGrain<IProviderGrain>(hospital.Id);
        // What a fault between queue and patient leaves behind.
        for (var i = 0; i < 3; i++)
            await queue.QueueReviewAsync(new GlassEntry(new PatientId(ana.Id), new BreakGlassId(Guid.NewGuid()), hrms.Clock.GetUtcNow(), false));
        var glass = await drLee.BreaksGlassAsync(ana);

        Assert.Equal(glass, Assert.Single(await officer.QueueAsync(hospital, first: 1)).GetProperty("id").GetGuid());
    }

    [Fact, Trait("Feature", "32")]
    public async Task WhileItsOrganisationAsksForConsents_GlassIsBrokenAllTheSame()
    {
        var (ana, hospital, drLee) = (await hrms.PatientAsync(), await hrms.OrganizationAsync(), await hrms.PractitionerAsync());
        await hospital.HasMemberAsync(drLee);

        await Task.WhenAll(Enumerable.Range(0, 20).SelectMany(_ => new Task[] { hospital.RequestsAsync(ana, new Terms()), drLee.BreaksGlassAsync(ana) }));

        Assert.Equal(20, (await ana.BrokenGlassesAsync()).Count);
    }

    private static Guid IdOf(JsonElement glass, string field) => glass.GetProperty("review").GetProperty(field).GetProperty("id").GetGuid();

    private static string ReviewOf(JsonElement glass, string field) => glass.GetProperty("review").GetProperty(field).ToString();
}
