using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>
/// A day of a region: practitioners read and page through records, patients look who looked, bring records, change consents, and their devices send. Few patients are asked
/// for much, as it is with the chronically ill: the n-th has 1/n of the first one's share (Zipf).
/// </summary>
internal sealed class MixedDay(RunningSystem system, int copies, int patientCount) : IScenario
{
    private const string List = "query List($p:ID!){patient(id:$p){records(first:25){totalCount nodes{id class date}}}}";
    private const string History = "query History($p:ID!){patient(id:$p){accessHistory(first:20){nodes{at operation permitted actor{id}}}}}";

    private readonly GraphQLClient[] _clients = [.. Enumerable.Range(0, copies).Select(_ => new GraphQLClient(system.NextUrl()))];
    private readonly Random[] _random = [.. Enumerable.Range(0, copies).Select(copy => system.NewRandom(copy))];
    private readonly ConsentChanges _changes = new(system, copies, copies);
    private readonly RecordIntake _intake = new(system, copies, copies, 1);
    private readonly WearableIntake _wearables = new(system, copies);
    private ILookup<Party, SharedRecord> _shared = Array.Empty<SharedRecord>().ToLookup(record => record.Patient);
    private Zipf<Party> _patients = null!;
    private IReadOnlyList<Party> _all = [];
    private long _looks, _linesBefore;

    public string Name => "mixed-day";

    public string Unit => "requests";

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        await _changes.PrepareAsync(progress, stop);
        await _intake.PrepareAsync(progress, stop);
        await _wearables.PrepareAsync(progress, stop);
        (_all, var records) = await SharedRecords.PrepareAsync(system, patientCount, progress, stop);
        (_shared, _patients) = (records.ToLookup(record => record.Patient), new Zipf<Party>(_all));
        _linesBefore = await SharedRecords.AccessLinesAsync(system, stop);
    }

    public async Task<string> StepAsync(int copy, CancellationToken stop)
    {
        var random = _random[copy];
        switch (random.Next(100))
        {
            case < 60:
                Interlocked.Increment(ref _looks);
                var records = _shared[_patients.Next(random)].ToList();
                await RecordReads.ReadAsync(_clients[copy], records[random.Next(records.Count)], stop);
                return "read";
            case < 75:
                Interlocked.Increment(ref _looks);
                var shared = _shared[_patients.Next(random)].First();
                await ListAsync(copy, shared, stop);
                return "list";
            case < 80:
                Interlocked.Increment(ref _looks);
                var patient = _patients.Next(random);
                using (await _clients[copy].AskAsync(patient.Token, History, stop, ("p", patient.Id.ToString("D"))))
                    return "history";
            case < 86:
                return await _intake.StepAsync(copy, stop);
            case < 92:
                return await _wearables.StepAsync(copy, stop);
            default:
                return await _changes.StepAsync(copy, stop);
        }
    }

    public async Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop)
    {
        var lines = await SharedRecords.AccessLinesAsync(system, stop) - _linesBefore;
        return
        [
            new Threshold("every look has its access line", lines >= _looks, $"{lines} lines, {_looks} looks"), await _changes.KeptAsync(progress, stop), await _intake.KeptAsync(progress, stop),
            await _wearables.KeptAsync(progress, stop), .. await LedgerCheck.RunAsync(system, _all, progress, stop),
        ];
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
        foreach (var part in (IScenario[])[_changes, _intake, _wearables])
            part.Dispose();
    }

    private async Task ListAsync(int copy, SharedRecord shared, CancellationToken stop)
    {
        using var answer = await _clients[copy].AskAsync(shared.Practitioner.Token, List, stop, ("p", shared.Patient.Id.ToString("D")));
        if (answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("records").GetProperty("totalCount") is var count && count.GetInt32() != SharedRecords.RecordsEach)
            throw new RequestFailedException($"{count} of {SharedRecords.RecordsEach} shared records were listed.");
    }
}

/// <summary>Draws the n-th of a list with a weight of 1/n.</summary>
internal sealed class Zipf<T>(IReadOnlyList<T> items)
{
    private readonly double[] _sums = [.. Enumerable.Range(1, items.Count).Select(rank => 1.0 / rank).Aggregate(new List<double>(), (sums, weight) =>
    {
        sums.Add((sums.Count == 0 ? 0 : sums[^1]) + weight);
        return sums;
    })];

    public T Next(Random random)
    {
        var at = Array.BinarySearch(_sums, random.NextDouble() * _sums[^1]);
        return items[Math.Min(items.Count - 1, at < 0 ? ~at : at)];
    }
}
