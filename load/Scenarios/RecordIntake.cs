using System.Text.Json;
using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>
/// Patients bring records: one at a time (<c>addRecord</c>), or many in one FHIR Bundle (<c>importBundle</c>). Each is checked, classified, labelled, sealed and durable when the
/// step is answered.
/// </summary>
/// <param name="each">Records of one step; 1: <c>addRecord</c>.</param>
internal sealed class RecordIntake(RunningSystem system, int copies, int patientCount, int each) : IScenario
{
    private const string Add = "mutation Add($c:ID!,$p:ID!,$b:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$b}){count errors{code message place}}}";
    private const string Import = "mutation Import($c:ID!,$p:ID!,$b:FhirJson!){importBundle(input:{commandId:$c,patient:$p,bundle:$b}){count errors{code message place}}}";
    private const string Count = "query($p:ID!){patient(id:$p){records(first:1){totalCount}}}";

    private readonly GraphQLClient[] _clients = [.. Enumerable.Range(0, copies).Select(_ => new GraphQLClient(system.NextUrl()))];
    private readonly Random[] _random = [.. Enumerable.Range(0, copies).Select(copy => system.NewRandom(copy))];
    private readonly int[] _steps = new int[copies];
    private Brought[] _patients = [];

    public string Name => each == 1 ? "intake" : "import";

    public string Unit => each == 1 ? "records" : $"bundles of {each} records";

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        var count = Math.Max(patientCount, copies);
        progress($"Registering {count} patients");
        _patients = [.. (await Population.PatientsAsync(system, count, stop)).Select(party => new Brought(party))];
    }

    public async Task<string> StepAsync(int copy, CancellationToken stop)
    {
        var patient = _patients[(copy + (_steps[copy]++ * copies)) % _patients.Length];
        var random = _random[copy];
        var body = each == 1
            ? JsonSerializer.SerializeToElement(PlausibleRecords.Any(random, patient.Party.Id))
            : PlausibleRecords.Bundle(Enumerable.Range(0, each).Select(_ => PlausibleRecords.Any(random, patient.Party.Id)));
        Interlocked.Add(ref patient.InDoubt, each);
        using var answer = await _clients[copy].AskAsync(
            patient.Party.Token, each == 1 ? Add : Import, stop, ("c", Population.NewId()), ("p", patient.Party.Id.ToString("D")), ("b", body));
        var count = answer.RootElement.GetProperty("data").EnumerateObject().Single().Value.GetProperty("count").GetInt32();
        if (count != each)
            throw new RequestFailedException($"{count} of {each} records were taken.");
        Interlocked.Add(ref patient.InDoubt, -each);
        Interlocked.Add(ref patient.Acknowledged, each);
        return each == 1 ? "add" : "import";
    }

    public async Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop) =>
        [await KeptAsync(progress, stop), .. await LedgerCheck.RunAsync(system, [.. _patients.Select(patient => patient.Party)], progress, stop)];

    public async Task<Threshold> KeptAsync(Action<string> progress, CancellationToken stop)
    {
        progress($"Counting the records of {_patients.Length} patients");
        var (wrong, all) = (0, 0L);
        await Population.ForEachAsync(system, _patients, async (client, patient) =>
        {
            using var answer = await client.AskAsync(patient.Party.Token, Count, stop, ("p", patient.Party.Id.ToString("D")));
            var count = answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("records").GetProperty("totalCount").GetInt32();
            Interlocked.Add(ref all, count);
            if (count < patient.Acknowledged || count > patient.Acknowledged + patient.InDoubt)
                Interlocked.Increment(ref wrong);
        }, stop);
        return new Threshold("every acknowledged record is there once", wrong == 0, $"{all} records, {wrong} patients with other counts than acknowledged");
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }

    private sealed class Brought(Party party)
    {
        public Party Party => party;

        /// <summary>Records that were answered for, and those sent without a good answer.</summary>
        public int Acknowledged, InDoubt;
    }
}
