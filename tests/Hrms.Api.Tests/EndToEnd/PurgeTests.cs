using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Who received data gives them back: when the consent is taken back, and when its keep-until has come.</summary>
[Collection(nameof(TimeTravel))]
public sealed class PurgeTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "19")]
    public async Task Revoked_TheDoctorIsToldToPurge_AndThePatientSeesThatItWasDone()
    {
        var (ana, drLee, consent) = await LookedAsync(new Terms());
        Assert.Equal("HELD", await StatusAsync(ana));
        Assert.Empty(await DutiesAsync(drLee));

        await ana.RevokesAsync(consent);
        Assert.Equal("PURGE_DUE", await StatusAsync(ana));
        var duty = Assert.Single(await DutiesAsync(drLee, 1));
        Assert.Equal((ana.Id, consent.Id), (duty.GetProperty("patient").GetGuid(), duty.GetProperty("consent").GetGuid()));

        (await AcknowledgesAsync(drLee, ana, consent)).Done();
        Assert.Equal("PURGED", await StatusAsync(ana));
        Assert.Empty(await DutiesAsync(drLee, 0));
    }

    [Fact, Trait("Feature", "19")]
    public async Task Overdue_ThePatientSeesIt_AndTheHolderGetsNothingNew_UntilItIsPurged()
    {
        var (ana, drLee, consent) = await LookedAsync(new Terms());
        await ana.RevokesAsync(consent);
        await ana.GrantsAsync(drLee, DataClass.Laboratory);
        Assert.NotEmpty(await drLee.SeesAsync(ana));

        hrms.Clock.Advance(Limits.PurgeGrace);

        Assert.Contains("OVERDUE", await StatusesAsync(ana));
        Assert.Empty(await drLee.SeesAsync(ana));
        (await AcknowledgesAsync(drLee, ana, consent)).Done();
        Assert.NotEmpty(await drLee.SeesAsync(ana));
    }

    [Fact, Trait("Feature", "20")]
    public async Task KeepUntilHasCome_TheHolderIsFlagged_AndGetsNothingNew()
    {
        var keepUntil = hrms.Clock.GetUtcNow().AddDays(7);
        var (ana, drLee, consent) = await LookedAsync(new Terms { KeepUntil = keepUntil });
        Assert.Single(await DutiesAsync(drLee, 1));

        hrms.Clock.AdvanceTo(keepUntil);

        Assert.Equal("OVERDUE", await StatusAsync(ana));
        Assert.Empty(await drLee.SeesAsync(ana));
        (await AcknowledgesAsync(drLee, ana, consent)).Done();
        Assert.NotEmpty(await drLee.SeesAsync(ana));
    }

    [Fact, Trait("Feature", "19")]
    public async Task WhoHoldsNothing_HasNothingToAcknowledge_AndLearnsNothing()
    {
        var (ana, _, consent) = await LookedAsync(new Terms());
        var (stranger, nobody) = (await hrms.PractitionerAsync(), await hrms.PatientAsync(Guid.NewGuid()));

        Assert.Equal(
            (await AcknowledgesAsync(stranger, nobody, consent)).Payload.ToString(), (await AcknowledgesAsync(stranger, ana, consent)).Payload.ToString());
    }

    private async Task<(Patient, Provider, Given)> LookedAsync(Terms terms)
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.AddsAsync(Clinic.LabResult());
        var consent = await ana.GrantsAsync(drLee, terms);
        Assert.NotEmpty(await drLee.SeesAsync(ana));
        return (ana, drLee, consent);
    }

    private static Task<Reply> AcknowledgesAsync(Provider holder, Patient patient, Given consent) => holder.SendsAsync(
        "acknowledgePurge", new { commandId = Guid.NewGuid(), patient = patient.Id, consent = consent.Id }, "holding { status }");

    private static async Task<string> StatusAsync(Patient patient) => Assert.Single(await StatusesAsync(patient));

    private static async Task<IReadOnlyList<string>> StatusesAsync(Patient patient) =>
    [
        .. (await patient.AsksAsync("query($id: ID!) { patient(id: $id) { holdings { status purgeBy holder { id } } } }", new { id = patient.Id }))
            .Patient.GetProperty("holdings").EnumerateArray().Select(holding => holding.GetProperty("status").GetString()!),
    ];

    /// <summary>The provider's list is told a moment later: asks until it has as many entries.</summary>
    private static async Task<IReadOnlyList<JsonElement>> DutiesAsync(Provider provider, int expected = 0) =>
        await Deadline.UntilAsync($"{expected} purge duties", async () =>
        {
            var duties = (await provider.AsksAsync("{ purgeDuties { patient consent purgeBy } }")).Data.GetProperty("purgeDuties").EnumerateArray().ToList();
            return duties.Count == expected ? duties : null;
        });
}
