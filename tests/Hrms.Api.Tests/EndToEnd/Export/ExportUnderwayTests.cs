using System.IO.Pipelines;
using System.Text.Json;
using Hrms.Api.Fhir;
using Hrms.Api.Fhir.Everything;
using Hrms.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.EndToEnd.Export;

/// <summary>A page that is on its way: however slowly it is read, what the patient takes back meanwhile holds for the rest of it.</summary>
[Trait("Fault", "F35")]
public sealed class ExportUnderwayTests(HrmsFixture hrms)
{
    private const int Records = 20, RecordBytes = 40_000;

    [Fact, Trait("Feature", "18"), Trait("Feature", "17")]
    public async Task AfterARevocation_NothingMoreOfAPageLeaves()
    {
        var (ana, drLee) = (await LargeAsync(), await hrms.PractitionerAsync());
        var consent = await ana.GrantsAsync(drLee, new Terms());
        var page = await UnderwayAsync(drLee, ana);

        await ana.RevokesAsync(consent);

        // Those that were sent, and no error: a whole Bundle.
        Assert.InRange((await page.RestAsync()).Count, 1, BundleWriter.FlushSizeBytes / RecordBytes + 1);
        Assert.Empty(await drLee.ExportsRecordsAsync(ana));
    }

    [Fact, Trait("Feature", "18"), Trait("Feature", "62")]
    public async Task AfterAnErasure_NothingMoreOfAPageLeaves_ToThePatientNeither()
    {
        var ana = await LargeAsync();
        var page = await UnderwayAsync(ana, ana);

        await ana.ErasesAsync();

        Assert.InRange((await page.RestAsync()).Count, 1, BundleWriter.FlushSizeBytes / RecordBytes + 1);
    }

    [Fact, Trait("Feature", "18"), Trait("Feature", "25")]
    public async Task WhatIsWithheldMeanwhile_IsLeftOut_AndTheOthersFollow()
    {
        var (ana, drLee) = (await LargeAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, new Terms());
        var all = await drLee.SeesAsync(ana);
        var page = await UnderwayAsync(drLee, ana);

        await ana.BlocksAsync(all[^2]);

        Assert.Equal(all.Where(record => record != all[^2]), await page.RestAsync());
    }

    [Fact, Trait("Feature", "18"), Trait("Feature", "14")]
    public async Task WhatOthersAreGiven_AndThatTheConsentIsNowUsedUp_ChangesNothingOfAPage()
    {
        var (ana, drLee, drKim) = (await LargeAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(drLee, new Terms { AtMost = (1, 24) });
        var page = await UnderwayAsync(drLee, ana);

        await ana.GrantsAsync(drKim, new Terms());

        Assert.Equal(Records, (await page.RestAsync()).Count);
    }

    [Fact]
    public async Task OnePageAtATime_ForEachAsker_AndOthersDoNotWait()
    {
        var (ana, drLee, drKim) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var gate = (await hrms.HostAsync()).Services.GetRequiredService<ExportGate>();
        using (gate.Enter(Actor.Practitioner(new ProviderId(drLee.Id))))
        {
            var second = await drLee.AsksForExportAsync(ana);
            Assert.Equal((429, ("throttled", (string?)null), "1"), (second.Status, second.Issue, second.RetryAfter));
            Assert.Equal(200, (await drKim.AsksForExportAsync(ana)).Status);
        }
        Assert.Equal(200, (await drLee.AsksForExportAsync(ana)).Status);
    }

    [Fact]
    public void AsManyPagesAtATime_AsMemoryIsMeantFor()
    {
        using var gate = new ExportGate();
        var inside = Enumerable.Range(0, ExportGate.PagesInFlightMax).Select(_ => gate.Enter(new Actor(ActorKind.Practitioner, Guid.NewGuid()))).ToList();
        Assert.All(inside, lease => Assert.True(lease.IsAcquired));

        using (var one = gate.Enter(new Actor(ActorKind.Practitioner, Guid.NewGuid())))
            Assert.False(one.IsAcquired);

        inside[0].Dispose();
        using var another = gate.Enter(new Actor(ActorKind.Practitioner, Guid.NewGuid()));
        Assert.True(another.IsAcquired);
    }

    private async Task<Patient> LargeAsync()
    {
        var ana = await hrms.PatientAsync();
        await ana.ImportsToAsync(ana, Clinic.Bundle([.. Enumerable.Range(0, Records).Select(i => Large(i))]));
        return ana;
    }

    /// <summary>A page whose reader has seen the first bytes of it and takes no more until it is told.</summary>
    private async Task<Underway> UnderwayAsync(Party asker, Patient ana)
    {
        var grain = (await hrms.HostAsync()).Services.GetRequiredService<IGrainFactory>().GetGrain<IPatientGrain>(ana.Id);
        var who = asker == ana
            ? new Asker(Actor.Patient(new PatientId(ana.Id)), PurposeOfUse.PATRQT)
            : new Asker(Actor.Practitioner(new ProviderId(asker.Id)), PurposeOfUse.TREAT);
        var page = await grain.ExportAsync(new ExportRecord(who, [], null, null, 100, null));
        Assert.Equal(Records, page.Value!.Records.Count);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var writing = WriteAsync();
        var seen = await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
        return new Underway(pipe.Reader, seen, writing);

        async Task WriteAsync()
        {
            var server = new Uri("https://records.example/fhir");
            using var bundle = new BundleWriter(pipe.Writer, server);
            bundle.Begin(server, null);
            var writer = new EverythingWriter(bundle, new PatientId(ana.Id), server, withProvenance: true, records => grain.CheckExportAsync(who, records));
            Assert.True(await writer.WriteAsync(page.Value, CancellationToken.None));
            await bundle.EndAsync(CancellationToken.None);
            await pipe.Writer.CompleteAsync();
        }
    }

    private static JsonElement Large(int number)
    {
        var lab = System.Text.Json.Nodes.JsonNode.Parse(Clinic.LabResult($"2025-03-01T08:00:{number:00}Z").GetRawText())!.AsObject();
        lab["note"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["text"] = new string('x', RecordBytes) });
        return JsonSerializer.SerializeToElement(lab);
    }

    private sealed record Underway(PipeReader Reader, ReadResult Seen, Task Writing)
    {
        /// <summary>Reads to the end; the records of the whole page.</summary>
        public async Task<IReadOnlyList<Guid>> RestAsync()
        {
            Reader.AdvanceTo(Seen.Buffer.Start, Seen.Buffer.End);
            using var all = new MemoryStream();
            await Reader.CopyToAsync(all, TestContext.Current.CancellationToken);
            await Writing;
            return new FhirPage(200, null, all.ToArray(), null, null).Records;
        }
    }
}
