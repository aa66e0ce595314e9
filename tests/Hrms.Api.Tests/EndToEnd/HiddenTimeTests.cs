using System.Diagnostics;
using Hrms.TestKit;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>What is hidden does not show in how long an answer takes: in turn with what never existed, neither is reliably the slower.</summary>
[Trait("Feature", "25")]
public sealed class HiddenTimeTests(HrmsFixture hrms, ITestOutputHelper output)
{
    // With this many a chance of one half has a spread of 0.02: a write to disk more or less moves it to nearly 0 or 1.
    private const int Times = 400, WarmUp = 30;
    private const double SpreadMax = 0.12;

    [Fact]
    public async Task APatientWhoSharesNothing_AnswersAsSoonAsNoPatient()
    {
        var (ana, ghost, drNo) = (await hrms.PatientAsync(), await hrms.PatientAsync(Guid.NewGuid()), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());

        await NeitherIsSlowerAsync("read", () => drNo.TriesToReadAsync(ana, lab), () => drNo.TriesToReadAsync(ghost, lab));
        await NeitherIsSlowerAsync("export", () => drNo.AsksForExportAsync(ana), () => drNo.AsksForExportAsync(ghost));
        await NeitherIsSlowerAsync("add", () => drNo.AddsToAsync(ana, Clinic.LabResult()), () => drNo.AddsToAsync(ghost, Clinic.LabResult()));
        await NeitherIsSlowerAsync("grant", () => drNo.SendsAsync("grantConsent", new Terms().To(drNo, ana.Id, Guid.NewGuid()), "consent { id }"),
            () => drNo.SendsAsync("grantConsent", new Terms().To(drNo, ghost.Id, Guid.NewGuid()), "consent { id }"));
    }

    [Fact]
    public async Task AHiddenRecord_AnswersAsSoonAsNoRecord()
    {
        var (ana, ben, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var hidden = await ana.AddsAsync(Clinic.LabResult());
        await ana.BlocksAsync(hidden);
        await ana.GrantsAsync(drLee, new Terms());
        await ben.GrantsAsync(drLee, new Terms());

        await NeitherIsSlowerAsync("read", () => drLee.TriesToReadAsync(ana, hidden), () => drLee.TriesToReadAsync(ana, Guid.NewGuid()));
        await NeitherIsSlowerAsync("export", () => drLee.AsksForExportAsync(ana), () => drLee.AsksForExportAsync(ben));
    }

    [Fact, Trait("Feature", "62")]
    public async Task AnErasedPatient_AnswersAsSoonAsNoPatient()
    {
        var (ana, ghost, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(Guid.NewGuid()), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms());
        await ana.ErasesAsync();

        await NeitherIsSlowerAsync("read", () => drLee.TriesToReadAsync(ana, lab), () => drLee.TriesToReadAsync(ghost, lab));
        await NeitherIsSlowerAsync("export", () => drLee.AsksForExportAsync(ana), () => drLee.AsksForExportAsync(ghost));
        await NeitherIsSlowerAsync("erase", () => drLee.TriesToEraseAsync(ana), () => drLee.TriesToEraseAsync(ghost));
    }

    private async Task NeitherIsSlowerAsync(string what, Func<Task> hidden, Func<Task> absent)
    {
        var random = Seed.Random(output);
        List<double> hiddens = [], absents = [];
        for (var time = -WarmUp; time < Times; time++)
            foreach (var (ask, took) in random.Next(2) == 0 ? [(hidden, hiddens), (absent, absents)] : new[] { (absent, absents), (hidden, hiddens) })
            {
                var began = Stopwatch.GetTimestamp();
                await ask();
                if (time >= 0)
                    took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        var slower = hiddens.Average(one => absents.Count(other => one > other) + absents.Count(other => one == other) / 2.0) / absents.Count;
        output.WriteLine($"{what}: hidden median {Median(hiddens):0.00} ms, absent median {Median(absents):0.00} ms; hidden is the slower with a chance of {slower:0.000}");
        Assert.InRange(slower, 0.5 - SpreadMax, 0.5 + SpreadMax);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
