using Hrms.Contracts;
using Hrms.Domain;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A line cites the policy it was decided by; whoever holds the journal can decide again.</summary>
public sealed class ReplayTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "42")]
    public async Task EveryLine_GivesTheSameVerdictUnderThePolicyItCites()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (lab, prescription) = (await ana.AddsAsync(Clinic.LabResult()), await ana.AddsAsync(Clinic.Prescription()));
        Guid[] records = [lab, prescription];
        await LooksAsync(drLee, ana, records);
        var labs = await ana.GrantsAsync(drLee, new Terms { Classes = [DataClass.Laboratory], Purposes = [PurposeOfUse.TREAT] });
        await LooksAsync(drLee, ana, records);
        var block = await ana.BlocksAsync(lab);
        await ana.GrantsAsync(drLee, new Terms { Classes = [DataClass.Medications] });
        await LooksAsync(drLee, ana, records);
        await ana.RevokesAsync(block);
        await LooksAsync(drLee, ana, records);
        await ana.RevokesAsync(labs);
        await LooksAsync(drLee, ana, records);

        var lines = (await ana.HistoryOfAsync(drLee)).Where(line => line.Operation == "record").ToList();
        var events = await JournalOfAsync(ana);

        Assert.Equal(20, lines.Count);
        Assert.Equal(5, lines.Select(line => line.PolicyVersion).Distinct().Count());
        foreach (var line in lines)
        {
            var policy = Fold(ana, events, line.PolicyVersion).Consents;
            var record = Assert.Single(line.Records);
            var datum = Datum.Of(Fold(ana, events, line.StreamVersion).Records.Find(new RecordId(record.Id))!.Metadata);
            var ask = new AccessRequest(new Actor(ActorKind.Practitioner, drLee.Id), [], PurposeOfUse.TryParse(line.Purpose, out var purpose) ? purpose : throw new InvalidOperationException(line.Purpose), AccessAction.View, line.At);

            var again = ReferenceEvaluator.Decide(policy, ask, datum);

            Assert.Equal(line.Permitted, again.Permitted);
            Assert.Equal((record.Consent, record.ConsentVersion), (again.Consent?.Value, again.ConsentVersion));
        }
    }

    private static async Task LooksAsync(Provider asker, Patient patient, Guid[] records)
    {
        foreach (var record in records)
        {
            await asker.ReadsAsync(patient, record, purpose: PurposeOfUse.TREAT);
            await asker.ReadsAsync(patient, record, purpose: PurposeOfUse.HRESCH);
        }
    }

    private static PatientState Fold(Patient patient, IReadOnlyList<PatientEvent> events, long through) =>
        PatientState.Initial(new PatientId(patient.Id)).After([.. events.Take((int)through)], 1);

    private async Task<IReadOnlyList<PatientEvent>> JournalOfAsync(Patient patient)
    {
        var services = (await hrms.HostAsync()).Services;
        var stream = new StreamId(patient.Id);
        var keys = new StreamKeys(stream, (await services.GetRequiredService<IKeyRing>().FindAsync(stream, TestContext.Current.CancellationToken))!);
        List<PatientEvent> events = [];
        await foreach (var row in services.GetRequiredService<IJournal>().ReadAsync(stream, 0, null, TestContext.Current.CancellationToken))
            events.Add(EventJson.Read<PatientEvent>(keys.OpenEvent(row.Version, row.Payload)));
        return events;
    }
}
