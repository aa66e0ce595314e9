using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>What holds for the whole record: the default policy and the hard opt-out.</summary>
public sealed class PolicyTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "13")]
    public async Task DefaultForTreatment_ShowsWhatNoConsentIsAbout_UntilThePatientChoosesDenyAgain()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var hidden = await ana.AddsAsync(Clinic.LabResult());
        await ana.BlocksAsync(hidden);

        (await ana.TriesToChooseAsync(ana, DefaultPolicy.PermitTreatment)).Done();
        Assert.Equal([lab], await drLee.SeesAsync(ana));
        Assert.Empty(await drLee.SeesAsync(ana, PurposeOfUse.HRESCH));
        Assert.Empty(await (await hrms.PatientAsync()).SeesAsync(ana));
        Assert.Contains((await ana.HistoryOfAsync(drLee)).SelectMany(line => line.Records), record => record.Reason == "DEFAULT_POLICY");

        (await ana.TriesToChooseAsync(ana, DefaultPolicy.Deny)).Done();
        Assert.Empty(await drLee.SeesAsync(ana));
    }

    [Fact, Trait("Feature", "13")]
    public async Task LateRepeatOfAChoice_DoesNotUndoALaterOne()
    {
        var (ana, command) = (await hrms.PatientAsync(), Guid.NewGuid());
        (await ana.TriesToChooseAsync(ana, DefaultPolicy.Permit, command)).Done();
        (await ana.TriesToChooseAsync(ana, DefaultPolicy.Deny)).Done();

        var repeat = (await ana.TriesToChooseAsync(ana, DefaultPolicy.Permit, command)).Done();

        Assert.Equal("DENY", repeat.Payload.GetProperty("policy").GetProperty("default").GetString());
        Assert.Equal("COMMAND_REUSED", (await ana.TriesToChooseAsync(ana, DefaultPolicy.PermitEmergency, command)).Refusal);
        var policy = (await ana.AsksAsync("query($id: ID!) { patient(id: $id) { policy { default optedOut choices { default optedOut by { id } } } } }", new { id = ana.Id }))
            .Patient.GetProperty("policy");
        Assert.Equal(["DENY", "PERMIT"], policy.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("default").GetString()));
    }

    [Fact, Trait("Feature", "35")]
    public async Task OptOut_ClosesWhatConsentsOpened_AndComingBackRestoresIt()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms());

        Assert.Equal(("IMPACT_NOT_ACKNOWLEDGED", "impactAcknowledged"), await ana.TriesToOptOutAsync(ana, impactAcknowledged: null) is var warned ? (warned.Refusal, warned.Place) : default);
        (await ana.TriesToOptOutAsync(ana)).Done();
        Assert.Null(await drLee.ReadsAsync(ana, lab));
        Assert.Empty(await drLee.SeesAsync(ana, PurposeOfUse.BTG));
        Assert.Equal([lab], await ana.SeesAsync(ana));
        Assert.Equal("OPTED_OUT", (await ana.HistoryOfAsync(drLee))[0].Reason);

        (await ana.TriesToOptOutAsync(ana, optedOut: false)).Done();
        Assert.NotNull(await drLee.ReadsAsync(ana, lab));
    }
}
