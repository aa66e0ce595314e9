using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Windows over the data, and consents that begin and end by themselves.</summary>
[Collection(nameof(TimeTravel))]
public sealed class TimeTests(HrmsFixture hrms)
{
    private static readonly DateTimeOffset NewYear2024 = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), NewYear2025 = NewYear2024.AddYears(1);

    [Fact, Trait("Feature", "9")]
    public async Task Window_Of2024_TakesItsFirstInstantAndNotItsLast()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var before = await ana.AddsAsync(Clinic.LabResult("2023-12-31T23:59:59Z"));
        var first = await ana.AddsAsync(Clinic.LabResult("2024-01-01T00:00:00Z"));
        var last = await ana.AddsAsync(Clinic.LabResult("2024-12-31T23:59:59Z"));
        var after = await ana.AddsAsync(Clinic.LabResult("2025-01-01T00:00:00Z"));

        await ana.GrantsAsync(drLee, new Terms { Window = (NewYear2024, NewYear2025) });

        Assert.Equal([last, first], await drLee.SeesAsync(ana));
        Assert.Null(await drLee.ReadsAsync(ana, before));
        Assert.Null(await drLee.ReadsAsync(ana, after));
    }

    /// <summary>"Who was it, that week in spring?": a period is found among all that came before and after, with who asked and what for.</summary>
    [Fact, Trait("Feature", "40")]
    public async Task History_OfAPeriod_HasItsLinesAndNoOthers()
    {
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        List<DateTimeOffset> days = [];
        for (var day = 0; day < 5; day++)
        {
            days.Add(hrms.Clock.GetUtcNow());
            foreach (var doctor in new[] { drLee, drNo, drLee })
                await doctor.TriesToReadAsync(ana, lab);
            hrms.Clock.Advance(TimeSpan.FromDays(1));
        }

        var (from, until) = (days[2], days[3]);
        var lines = await ana.HistoryAsync(new { from, until }, pageSize: 2);
        Assert.Equal([drLee.Id, drNo.Id, drLee.Id], lines.Select(line => line.Actor));
        Assert.All(lines, line => Assert.InRange(line.At, from, until));
        Assert.Equal(2, (await ana.HistoryAsync(new { from, until, actor = drLee.Id })).Count);
        Assert.Equal(3, (await ana.HistoryAsync(new { from, until, purpose = "TREAT" })).Count);
        Assert.Empty(await ana.HistoryAsync(new { from, until, purpose = "HRESCH" }));
        Assert.Equal(6, (await ana.HistoryAsync(new { until = days[2] })).Count);
        Assert.Equal(6, (await ana.HistoryAsync(new { from = days[3] }, pageSize: 1)).Count(line => line.Actor != ana.Id));
        Assert.Empty(await ana.HistoryAsync(new { until = days[0].AddDays(-1) }));
        Assert.Empty(await ana.HistoryAsync(new { from = hrms.Clock.GetUtcNow().AddHours(1) }));
    }

    [Fact, Trait("Feature", "10")]
    public async Task Expiry_EndsAccessAtItsTick()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var end = hrms.Clock.GetUtcNow().AddHours(1);
        await ana.GrantsAsync(drLee, new Terms { Classes = [DataClass.Laboratory], ValidUntil = end });

        hrms.Clock.AdvanceTo(end.AddMinutes(-1));
        Assert.NotNull(await drLee.ReadsAsync(ana, lab));

        hrms.Clock.AdvanceTo(end);
        Assert.Null(await drLee.ReadsAsync(ana, lab));
        Assert.Empty(await drLee.SeesAsync(ana));
    }

    [Fact, Trait("Feature", "10"), Trait("Feature", "29")]
    public async Task APatientsLastConsentThatEnds_TakesThemOffThePractitionersList_WithIt()
    {
        var (ana, ben, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var end = hrms.Clock.GetUtcNow().AddHours(1);
        await ana.GrantsAsync(drLee, new Terms { Classes = [DataClass.Laboratory], ValidUntil = end });
        await ana.GrantsAsync(drLee, new Terms { Classes = [DataClass.Medications], ValidUntil = end.AddMinutes(-30) });
        await ben.GrantsAsync(drLee, new Terms { Classes = [DataClass.Laboratory] });
        await Deadline.UntilAsync("both on the list", async () => (await ListAsync()).Count == 2 ? "there" : null);
        await hrms.ForgetAsync();

        hrms.Clock.AdvanceTo(end.AddSeconds(-30));
        Assert.Equal(new[] { ana.Id, ben.Id }.Order(), (await ListAsync()).Order());
        hrms.Clock.AdvanceTo(end);
        Assert.Equal([ben.Id], await ListAsync());

        // Shared with again, the patient is there again, since then.
        await ana.GrantsAsync(drLee, new Terms { Classes = [DataClass.Laboratory] });
        await Deadline.UntilAsync("Ana on the list again", async () => (await ListAsync()).FirstOrDefault() == ana.Id ? "there" : null);

        async Task<IReadOnlyList<Guid>> ListAsync() => [.. (await drLee.AsksAsync("{ viewer { sharingPatients { patient { id } } } }")).Data
            .GetProperty("viewer").GetProperty("sharingPatients").EnumerateArray().Select(sharing => sharing.GetProperty("patient").GetProperty("id").GetGuid())];
    }

    [Fact, Trait("Feature", "10")]
    public async Task Consent_ThatBeginsLater_GivesNothingUntilThen()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var begin = hrms.Clock.GetUtcNow().AddMinutes(30);
        await ana.GrantsAsync(drLee, new Terms { ValidFrom = begin });
        Assert.Null(await drLee.ReadsAsync(ana, lab));

        hrms.Clock.AdvanceTo(begin);

        Assert.NotNull(await drLee.ReadsAsync(ana, lab));
    }

    [Fact, Trait("Feature", "10")]
    public async Task Consent_ThatHasEnded_IsRefused()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());

        var reply = await ana.TriesToGrantAsync(drLee, new Terms { ValidUntil = hrms.Clock.GetUtcNow() });

        Assert.Equal(("INVALID", "terms.validity.until"), (reply.Refusal, reply.Place));
        Assert.Empty(await ana.ConsentsAsync());
    }
}
