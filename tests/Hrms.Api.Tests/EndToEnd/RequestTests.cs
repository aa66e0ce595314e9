using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A practitioner asks, the patient decides.</summary>
[Collection(nameof(TimeTravel))]
public sealed class RequestTests(HrmsFixture hrms)
{
    private static readonly Terms Labs = new() { Classes = [DataClass.Laboratory] };

    [Fact, Trait("Feature", "15")]
    public async Task ApprovedRequest_IsAConsent_AndTheAskerSeesThatItIs()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        var request = await drLee.RequestsAsync(ana, Labs);
        Assert.Empty(await drLee.SeesAsync(ana));
        var asked = Assert.Single((await ana.SeesRequestsOfAsync(ana.Id))!);
        Assert.Equal(("REQUESTED", "We plan your operation.", drLee.Id),
            (asked.GetProperty("status").GetString(), asked.GetProperty("message").GetString(), asked.GetProperty("by").GetProperty("id").GetGuid()));

        var consent = (await ana.ApprovesAsync(ana.Id, request)).Done().Payload.GetProperty("consent");

        Assert.Equal([lab], await drLee.SeesAsync(ana));
        Assert.Equal("APPROVED", (await drLee.OwnRequestsAsync()).StatusOf(request));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await drLee.OwnRequestsAsync())[0].GetProperty("consent").ValueKind);
        Assert.Equal(consent.GetProperty("id").GetGuid(), (await ana.SeesRequestsOfAsync(ana.Id))![0].GetProperty("consent").GetGuid());
        Assert.Equal("WRONG_STATE", (await drLee.WithdrawsAsync(request)).Refusal);
        Assert.Equal("WRONG_STATE", (await ana.RefusesAsync(ana.Id, request)).Refusal);
        Assert.Equal("WRONG_STATE", (await ana.ApprovesAsync(ana.Id, request)).Refusal);
    }

    [Fact, Trait("Feature", "16")]
    public async Task NarrowedRequest_GivesLess_AndWhatIsNotAPartOfItIsRefused()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (lab, prescription) = (await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.Prescription()));
        var request = await drLee.RequestsAsync(ana, new Terms { Classes = [DataClass.Laboratory, DataClass.Medications] });
        object Only(params string[] classes) => new { grantee = new { practitioner = drLee.Id }, purposes = new[] { "TREAT" }, data = new { classes } };

        var wider = await ana.ApprovesAsync(ana.Id, request, Only("LABORATORY", "GENOMICS"));
        Assert.Equal(("INVALID", "terms"), (wider.Refusal, wider.Place));
        (await ana.ApprovesAsync(ana.Id, request, Only("LABORATORY"))).Done();

        Assert.Equal([lab], await drLee.SeesAsync(ana, PurposeOfUse.TREAT));
        Assert.Empty(await drLee.SeesAsync(ana, PurposeOfUse.HRESCH));
        Assert.Null(await drLee.ReadsAsync(ana, prescription));
    }

    [Fact, Trait("Feature", "15")]
    public async Task RefusedAndWithdrawnRequests_GiveNothing()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.AddsAsync(Clinic.LabResult());
        var (refused, withdrawn) = (await drLee.RequestsAsync(ana, Labs), await drLee.RequestsAsync(ana, Labs));

        (await ana.RefusesAsync(ana.Id, refused)).Done();
        (await drLee.WithdrawsAsync(withdrawn)).Done();

        Assert.Equal("WRONG_STATE", (await ana.ApprovesAsync(ana.Id, refused)).Refusal);
        Assert.Equal("WRONG_STATE", (await ana.ApprovesAsync(ana.Id, withdrawn)).Refusal);
        foreach (var seen in new[] { await drLee.OwnRequestsAsync(), (await ana.SeesRequestsOfAsync(ana.Id))! })
            Assert.Equal(("REFUSED", "WITHDRAWN"), (seen.StatusOf(refused), seen.StatusOf(withdrawn)));
        Assert.Empty(await drLee.SeesAsync(ana));
    }

    [Fact, Trait("Feature", "15")]
    public async Task Request_ExpiresByTheClockAlone()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var request = (await drLee.TriesToRequestAsync(ana.Id, Labs, expiresAt: hrms.Clock.GetUtcNow().AddMinutes(5)))
            .Done().Payload.GetProperty("request").GetProperty("id").GetGuid();

        hrms.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("EXPIRED", (await drLee.OwnRequestsAsync()).StatusOf(request));
        Assert.Equal("EXPIRED", (await ana.SeesRequestsOfAsync(ana.Id))!.StatusOf(request));
        Assert.Equal("WRONG_STATE", (await ana.ApprovesAsync(ana.Id, request)).Refusal);
        Assert.Equal("WRONG_STATE", (await drLee.WithdrawsAsync(request)).Refusal);
    }

    [Fact, Trait("Feature", "15")]
    public async Task NobodyElse_DecidesOrWithdraws_OrSeesTheRequest()
    {
        var (ana, ben, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var request = await drLee.RequestsAsync(ana, Labs);

        foreach (var other in new Party[] { ben, drLee, drNo, await hrms.OperatorAsync() })
        {
            Assert.Equal("NOT_FOUND", (await other.ApprovesAsync(ana.Id, request)).Refusal);
            Assert.Equal("NOT_FOUND", (await other.RefusesAsync(ana.Id, request)).Refusal);
            Assert.Null(await other.SeesRequestsOfAsync(ana.Id));
        }
        Assert.Equal("NOT_FOUND", (await drNo.WithdrawsAsync(request)).Refusal);
        Assert.Equal("FORBIDDEN", (await ana.WithdrawsAsync(request)).Refusal);
        Assert.Empty(await drNo.OwnRequestsAsync());
        Assert.Equal("FORBIDDEN", (await ben.TriesToRequestAsync(ana.Id, Labs, drLee)).Refusal);
        Assert.Equal("terms.rule.grantee", (await drNo.TriesToRequestAsync(ana.Id, Labs, drLee)).Place);
        Assert.Equal("REQUESTED", (await drLee.OwnRequestsAsync()).StatusOf(request));
    }

    [Fact, Trait("Feature", "15"), Trait("Feature", "25")]
    public async Task Request_ToNobody_AnswersAsToAPatient_AndStoresNothingThere()
    {
        var (ana, ghost, drLee) = (await hrms.PatientAsync(), Guid.NewGuid(), await hrms.PractitionerAsync());
        var expires = hrms.Clock.GetUtcNow().AddDays(3);
        async Task<(Guid Id, string Text)> Ask(Guid patient)
        {
            var request = (await drLee.TriesToRequestAsync(patient, Labs, expiresAt: expires)).Done().Payload.GetProperty("request");
            return (request.GetProperty("id").GetGuid(), Without(request));
        }

        var (real, absent) = (await Ask(ana.Id), await Ask(ghost));
        var own = await drLee.OwnRequestsAsync();

        Assert.Equal(absent.Text, real.Text);
        Assert.Single(own.Select(Without).Distinct());
        Assert.Null(await hrms.QueryAsync("select 1 from journal where stream_id = @id", row => row, ("id", ghost)));
        var (one, other) = (await drLee.WithdrawsAsync(real.Id), await drLee.WithdrawsAsync(absent.Id));
        Assert.Equal("WITHDRAWN", other.Done().Payload.GetProperty("request").GetProperty("status").GetString());
        Assert.Equal("WITHDRAWN", one.Done().Payload.GetProperty("request").GetProperty("status").GetString());

        static string Without(System.Text.Json.JsonElement request) => request.ToString().Replace(request.GetProperty("id").GetString()!, "", StringComparison.Ordinal);
    }

    [Fact, Trait("Feature", "15")]
    public async Task Patient_IsToldOfRequests_AsTheyCome_AndNobodyElse()
    {
        const string Changed = "subscription($id: ID!) { consentRequestChanged(patient: $id) { id status } }";
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await using var hers = await LiveStream.OpenAsync(hrms.Http, ana, Changed, new { id = ana.Id });
        await using var his = await LiveStream.OpenAsync(hrms.Http, drLee, Changed, new { id = ana.Id });

        var request = await drLee.RequestsAsync(ana, Labs);
        var asked = (await hers.NextAsync()).GetProperty("consentRequestChanged");
        (await ana.ApprovesAsync(ana.Id, request)).Done();
        var approved = (await hers.NextAsync()).GetProperty("consentRequestChanged");

        Assert.Equal((request, "REQUESTED"), (asked.GetProperty("id").GetGuid(), asked.GetProperty("status").GetString()));
        Assert.Equal((request, "APPROVED"), (approved.GetProperty("id").GetGuid(), approved.GetProperty("status").GetString()));
        Assert.Equal(0, his.Waiting);
    }

    [Fact, Trait("Feature", "15")]
    public async Task Request_SentTwice_IsOne_AndSurvivesForgetting()
    {
        var (ana, drLee, command) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), Guid.NewGuid());

        var (first, again) = (await drLee.TriesToRequestAsync(ana.Id, Labs, command: command), await drLee.TriesToRequestAsync(ana.Id, Labs, command: command));
        await hrms.ForgetAsync();

        Assert.Equal(first.Done().Payload.ToString(), again.Done().Payload.ToString());
        Assert.Single((await ana.SeesRequestsOfAsync(ana.Id))!);
        Assert.Single(await drLee.OwnRequestsAsync());
        Assert.Equal("COMMAND_REUSED", (await drLee.TriesToRequestAsync(ana.Id, new Terms(), command: command)).Refusal);
    }
}
