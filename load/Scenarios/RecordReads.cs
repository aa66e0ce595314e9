using System.Text.Json;
using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>
/// Practitioners read single records, content included, that the patients' grants let them read: each step is a decision, an access line made durable, and
/// one record opened.
/// </summary>
internal sealed class RecordReads(RunningSystem system, int copies, int patientCount) : IScenario
{
    internal const string Read = "query Read($p:ID!,$r:ID!){patient(id:$p){record(id:$r){id content}}}";

    private readonly GraphQLClient[] _clients = [.. Enumerable.Range(0, copies).Select(_ => new GraphQLClient(system.NextUrl()))];
    private readonly int[] _steps = new int[copies];
    private IReadOnlyList<SharedRecord> _readable = [];
    private IReadOnlyList<Party> _patients = [];
    private long _linesBefore;

    public string Name => "reads";

    public string Unit => "reads";

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        (_patients, _readable) = await SharedRecords.PrepareAsync(system, patientCount, progress, stop);
        _linesBefore = await SharedRecords.AccessLinesAsync(system, stop);
    }

    public async Task<string> StepAsync(int copy, CancellationToken stop)
    {
        await ReadAsync(_clients[copy], Next(copy), stop);
        return "read";
    }

    /// <summary>What the copy reads next. A stride that is coprime with the count visits every record, and copies are never on the same patient for long.</summary>
    public SharedRecord Next(int copy) => _readable[(int)((copy * 7919L + Interlocked.Increment(ref _steps[copy]) * 104_729L) % _readable.Count)];

    /// <exception cref="RequestFailedException">It was granted and did not come.</exception>
    internal static async Task ReadAsync(GraphQLClient client, SharedRecord target, CancellationToken stop)
    {
        using var answer = await client.AskAsync(target.Practitioner.Token, Read, stop, ("p", target.Patient.Id.ToString("D")), ("r", target.Record));
        var record = answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("record");
        if (record.ValueKind != JsonValueKind.Object || record.GetProperty("id").GetString() != target.Record || record.GetProperty("content").ValueKind == JsonValueKind.Null)
            throw new RequestFailedException($"Record {target.Record} was granted and did not come.");
    }

    public async Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop)
    {
        var (lines, reads) = (await SharedRecords.AccessLinesAsync(system, stop) - _linesBefore, _steps.Sum(steps => (long)steps));
        var noted = new Threshold("every read has its access line", lines >= reads, $"{lines} lines, {reads} reads");
        return [noted, .. await LedgerCheck.RunAsync(system, _patients, progress, stop)];
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }
}
