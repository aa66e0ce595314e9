using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>The accounting of disclosures that a patient may have (45 CFR 164.528): to whom, when, what and what for.</summary>
[Trait("Feature", "48")]
public sealed class AccountingTests(HrmsFixture hrms, ITestOutputHelper output)
{
    private static readonly PurposeOfUse[] Purposes = [PurposeOfUse.TREAT, PurposeOfUse.HRESCH, PurposeOfUse.PUBHLTH, PurposeOfUse.HPAYMT, PurposeOfUse.HLEGAL];

    /// <summary>Random looks of four parties; what each was really shown is noted here, and that is the accounting.</summary>
    [Fact]
    public async Task TheAccounting_IsWhatWasReallyRead_ByWhom_WhenAndWhatFor()
    {
        var random = Seed.Random(output);
        var ana = await hrms.PatientAsync();
        Guid[] records = [await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.Diagnosis()), await ana.AddsAsync(Clinic.LabResult("2025-05-01T08:00:00Z")), await ana.AddsAsync(Clinic.Prescription())];
        var (lee, roe, registry, stranger) = (await hrms.PractitionerAsync("Dr Lee"), await hrms.PractitionerAsync("Dr Roe"), await hrms.OrganizationAsync("Cancer Registry"), await hrms.PractitionerAsync("Dr No"));
        await ana.GrantsAsync(lee, new Terms());
        await ana.GrantsAsync(roe, new Terms { Classes = [DataClass.Laboratory], Purposes = [PurposeOfUse.HRESCH, PurposeOfUse.TREAT] });
        await ana.GrantsAsync(registry, new Terms { Classes = [DataClass.Conditions] });
        var names = new Dictionary<Guid, string> { [lee.Id] = "Dr Lee", [roe.Id] = "Dr Roe", [registry.Id] = "Cancer Registry" };
        List<(Guid Who, string Purpose, string Records, DateTimeOffset NotBefore, DateTimeOffset NotAfter)> oracle = [];

        for (var i = 0; i < 40; i++)
        {
            Party who = ((Party[])[lee, roe, registry, stranger, ana])[random.Next(5)];
            var (purpose, from) = (Purposes[random.Next(Purposes.Length)], hrms.Clock.GetUtcNow());
            var shown = random.Next(3) switch
            {
                0 => await who.SeesAsync(ana, purpose),
                1 => await who.ExportsRecordsAsync(ana, purpose),
                _ => records[random.Next(records.Length)] is var record && await who.ReadsAsync(ana, record, purpose: purpose) is not null ? [record] : [],
            };
            if (shown.Count > 0 && who != ana)
                oracle.Add((who.Id, purpose.ToString(), Sorted(shown), from, hrms.Clock.GetUtcNow()));
        }

        var accounting = await ana.AccountingAsync();
        output.WriteLine($"{oracle.Count} disclosures");
        Assert.InRange(oracle.Count, 5, 40);
        Assert.Equal(oracle.Select(one => (one.Who, one.Purpose, one.Records, names[one.Who])), accounting.Select(told => (told.Recipient, told.Purpose, Sorted(told.Records), told.Name!)));
        Assert.All(oracle.Zip(accounting), pair => Assert.InRange(pair.Second.At, pair.First.NotBefore, pair.First.NotAfter));
        // What the law asks for is what is left without the one mark.
        Assert.Equal(oracle.Where(one => one.Purpose is not ("TREAT" or "HPAYMT")).Select(one => one.Records), accounting.Where(told => !told.Exempt).Select(told => Sorted(told.Records)));
    }

    [Fact]
    public async Task ARecipient_IsNamed_WithItsAddress_AndADoctorWithTheHospital()
    {
        var (ana, drLee, ben) = (await hrms.PatientAsync(), await hrms.PractitionerAsync("Dr Lee"), await hrms.PatientAsync());
        var number = $"{Guid.NewGuid():N}";
        var registered = await (await hrms.OperatorAsync()).SendsAsync(
            "registerProvider", new { kind = ProviderKind.Organization, name = "St. Mary's", identifierSystem = "urn:test:registry", identifierValue = number, address = "1 Main Street, 12345 Springfield" }, "provider { id address }");
        var id = registered.Done().Payload.GetProperty("provider").GetProperty("id").GetGuid();
        var hospital = new Provider(hrms, id, ProviderKind.Organization, await hrms.TokenAsync(organization: id));
        await hospital.HasMemberAsync(drLee);
        var (lab, diagnosis) = (await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.Diagnosis()));
        await ana.GrantsAsync(hospital, new Terms());
        await ana.AppointsAsync(ben, DelegateLevel.View);

        await drLee.SeesAsync(ana, PurposeOfUse.HRESCH);
        await hospital.ReadsAsync(ana, lab, purpose: PurposeOfUse.PUBHLTH);
        await (await hrms.ActingForAsync(ben, ana)).ReadsAsync(ana, diagnosis);

        var accounting = await ana.AccountingAsync();
        Assert.Equal(["Dr Lee", "St. Mary's", null], accounting.Select(told => told.Name));
        Assert.Equal(["St. Mary's"], accounting[0].Organizations);
        Assert.Equal([null, "1 Main Street, 12345 Springfield", null], accounting.Select(told => told.Address));
        Assert.Equal(["1 Condition (conditions), 1 Observation (laboratory)", "1 Observation (laboratory)", "1 Condition (conditions)"], accounting.Select(told => told.Description));
        // Who acts for the patient is, to the law, the patient.
        Assert.Equal([false, false, true], accounting.Select(told => told.Exempt));
        Assert.Equal(ana.Id, accounting[2].Json.GetProperty("onBehalfOf").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task SamplesOfAWatch_AreADisclosure_AndWhatWasRefusedOrFoundNothingIsNone()
    {
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        await (await ana.EnrolsDeviceAsync()).UploadsAsync("""{"samples":[{"kind":"heart-rate","time":"2026-01-01T00:00:00Z","value":60,"unit":"/min"}]}""", "batch-1");
        await ana.GrantsAsync(drLee, new Terms());

        Assert.Empty(await drLee.SeesAsync(ana, PurposeOfUse.HRESCH));
        foreach (var doctor in new[] { drNo, drLee })
        {
            await doctor.AsksAsync(
                "query($id: ID!) { patient(id: $id, purpose: HRESCH) { samples(kind: HEART_RATE, from: \"2025-12-31T00:00:00Z\", until: \"2026-01-02T00:00:00Z\") { points { mean } } } }", new { id = ana.Id });
        }

        var told = Assert.Single(await ana.AccountingAsync());
        Assert.Equal((drLee.Id, "samples of wearables", false), (told.Recipient, told.Description, told.Exempt));
    }

    [Fact]
    public async Task APeriod_HoldsWhatWasDisclosedInIt()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms());
        for (var i = 0; i < 4; i++)
            await drLee.ReadsAsync(ana, lab, purpose: PurposeOfUse.PUBHLTH);
        var all = await ana.AccountingAsync();

        var part = await ana.AccountingAsync(all[1].At, all[3].At);

        Assert.Equal(all.Skip(1).Take(2).Select(told => told.Json.GetRawText()), part.Select(told => told.Json.GetRawText()));
    }

    private static string Sorted(IEnumerable<Guid> records) => string.Join(' ', records.Order());
}
