using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A command that comes twice has one effect; its id can't be used for anything else.</summary>
public sealed class RepeatTests(HrmsFixture hrms)
{
    private readonly Guid _command = Guid.NewGuid();

    [Fact]
    public async Task RegisterPatient_Twice_GivesOnePatient()
    {
        var clerk = await hrms.OperatorAsync();
        var input = new { commandId = _command };

        var first = (await clerk.SendsAsync("registerPatient", input, "patient { id }")).Done();
        var second = (await clerk.SendsAsync("registerPatient", input, "patient { id }")).Done();

        Assert.Equal(first.Payload.ToString(), second.Payload.ToString());
    }

    [Fact]
    public async Task RegisterProvider_Twice_GivesOneProvider()
    {
        var clerk = await hrms.OperatorAsync();
        var number = Guid.NewGuid().ToString("N");

        Assert.Equal(
            await clerk.RegistersAsync(ProviderKind.Practitioner, "Dr Lee", number), await clerk.RegistersAsync(ProviderKind.Practitioner, "Dr Lee", number));
    }

    [Fact]
    public async Task Grant_Twice_IsOneConsentAndOtherTermsAreRefused()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var terms = new Terms { Classes = [DataClass.Laboratory] };

        var first = Given.Of((await ana.TriesToGrantAsync(drLee, terms, _command)).Done());
        var second = Given.Of((await ana.TriesToGrantAsync(drLee, terms, _command)).Done());
        var other = await ana.TriesToGrantAsync(drLee, terms with { Classes = [DataClass.Medications] }, _command);

        Assert.Equal(first, second);
        Assert.Equal(("COMMAND_REUSED", "commandId"), (other.Refusal, other.Place));
        Assert.Single(await ana.ConsentsAsync());
    }

    [Fact]
    public async Task Grant_TwiceAtOnce_IsOneConsent()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ana.TriesToGrantAsync(drLee, new Terms(), _command)));

        Assert.Single(replies.Select(reply => Given.Of(reply.Done())).Distinct());
        Assert.Single(await ana.ConsentsAsync());
    }

    [Fact]
    public async Task Revoke_Twice_IsOneRevocation()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var consent = await ana.GrantsAsync(drLee, new Terms());

        var first = Given.Of((await ana.TriesToRevokeAsync(consent.Id, _command)).Done());

        Assert.Equal(first, Given.Of((await ana.TriesToRevokeAsync(consent.Id, _command)).Done()));
        Assert.Equal(first, await ana.RevokesAsync(consent));
    }

    [Fact]
    public async Task AddRecord_Twice_IsOneRecordAndOtherContentIsRefused()
    {
        var ana = await hrms.PatientAsync();

        var first = (await ana.AddsToAsync(ana, Clinic.LabResult(), _command)).Done();
        var second = (await ana.AddsToAsync(ana, Clinic.LabResult(), _command)).Done();
        var other = await ana.AddsToAsync(ana, Clinic.LabResult(percent: 9.9), _command);

        Assert.Equal(first.Payload.ToString(), second.Payload.ToString());
        Assert.Equal(("COMMAND_REUSED", "commandId"), (other.Refusal, other.Place));
        Assert.Single(await ana.SeesAsync(ana));
    }

    [Fact]
    public async Task ImportBundle_Twice_IsOneSetOfRecordsAndALongerOneIsRefused()
    {
        var ana = await hrms.PatientAsync();
        var (lab, prescription) = (Clinic.LabResult(), Clinic.Prescription());
        var bundle = Clinic.Bundle(lab, prescription);

        var first = (await ana.ImportsToAsync(ana, bundle, _command)).Done();
        var second = (await ana.ImportsToAsync(ana, bundle, _command)).Done();
        var longer = await ana.ImportsToAsync(ana, Clinic.Bundle(lab, prescription, Clinic.Diagnosis()), _command);
        var shorter = await ana.ImportsToAsync(ana, Clinic.Bundle(lab), _command);

        Assert.Equal(first.Payload.ToString(), second.Payload.ToString());
        Assert.Equal(("COMMAND_REUSED", "COMMAND_REUSED"), (longer.Refusal, shorter.Refusal));
        Assert.Equal(2, (await ana.SeesAsync(ana)).Count);
    }

    [Fact]
    public async Task Amend_Twice_IsOneVersionAndOtherContentIsRefused()
    {
        var ana = await hrms.PatientAsync();
        var lab = await ana.AddsAsync(Clinic.LabResult());

        var first = (await ana.AmendsAsync(ana, lab, 1, Clinic.LabResult(percent: 6), _command)).Done();
        var second = (await ana.AmendsAsync(ana, lab, 1, Clinic.LabResult(percent: 6), _command)).Done();
        var other = await ana.AmendsAsync(ana, lab, 1, Clinic.LabResult(percent: 7), _command);

        Assert.Equal(first.Payload.ToString(), second.Payload.ToString());
        Assert.Equal(("COMMAND_REUSED", "commandId"), (other.Refusal, other.Place));
        Assert.Equal(2, (await ana.ReadsAsync(ana, lab))!.Value.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task RegisterDevice_Twice_IsOneDeviceAndAnotherNameIsRefused()
    {
        var ana = await hrms.PatientAsync();
        object Input(string name) => new { commandId = _command, patient = ana.Id, name };

        var first = (await ana.SendsAsync("registerDevice", Input("Watch"), "device { id name }")).Done();
        var second = (await ana.SendsAsync("registerDevice", Input("Watch"), "device { id name }")).Done();
        var other = await ana.SendsAsync("registerDevice", Input("Scale"), "device { id name }");

        Assert.Equal(first.Payload.ToString(), second.Payload.ToString());
        Assert.Equal(("COMMAND_REUSED", "commandId"), (other.Refusal, other.Place));
    }
}
