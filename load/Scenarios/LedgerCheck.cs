using System.Diagnostics;
using System.Text.Json;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Npgsql;

namespace Hrms.Load.Scenarios;

/// <summary>After a run: the backlog drains to nothing, the ledger has as many leaves as the journal has rows, and the histories of some patients check out.</summary>
internal static class LedgerCheck
{
    private const int Sample = 8;
    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(5);

    public static async Task<IReadOnlyList<Threshold>> RunAsync(RunningSystem system, IReadOnlyList<Party> patients, Action<string> progress, CancellationToken stop)
    {
        progress("Waiting until the ledger has everything");
        var began = Stopwatch.GetTimestamp();
        var lanes = await DrainAsync(system, patients[0].Token, stop);
        var drained = new Threshold("the ledger's backlog drains", lanes.Backlog == 0 && lanes.Alarm is null,
            lanes.Alarm ?? $"{lanes.Backlog} left after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        var (rows, leaves) = await CountAsync(system, stop);
        var counted = new Threshold("as many leaves on the ledger as rows in the journal", rows == leaves, $"{leaves} leaves, {rows} rows");
        progress($"Checking the histories of {Sample} patients");
        var problems = new List<string>();
        var events = 0L;
        // One after the other: each goes through all that the ledger has of the lane.
        using var client = new GraphQLClient(system.Url);
        foreach (var patient in patients.Take(Sample))
        {
            try
            {
                for (JsonElement from = JsonElement.Parse("1"); from.ValueKind == JsonValueKind.Number;)
                {
                    using var answer = await client.AskAsync(
                        patient.Token, "query($p:ID!,$f:Long!){patient(id:$p){historyCheck(from:$f){eventsChecked problems nextVersion}}}", stop, ("p", patient.Id.ToString("D")), ("f", from));
                    var check = answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("historyCheck");
                    events += check.GetProperty("eventsChecked").GetInt64();
                    problems.AddRange(check.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!));
                    from = check.GetProperty("nextVersion").Clone();
                }
            }
            catch (RequestFailedException fault)
            {
                // Found, not thrown: the figures of the run are worth keeping.
                problems.Add($"A history was not checked: {fault.Message}");
            }
        }
        return [drained, counted, new Threshold("histories agree with the ledger", problems.Count == 0, problems.Count == 0 ? $"{events} events checked" : problems[0])];
    }

    /// <summary>Waits until no lane has anything left, one has an alarm, or patience ends.</summary>
    public static async Task<(long Backlog, string? Alarm)> DrainAsync(RunningSystem system, string token, CancellationToken stop)
    {
        using var client = new GraphQLClient(system.Url);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await client.AskAsync(token, "{ledger{backlog openBatches alarm}}", stop);
            var lanes = answer.RootElement.GetProperty("data").GetProperty("ledger").EnumerateArray().ToList();
            var backlog = lanes.Sum(lane => lane.GetProperty("backlog").GetInt64() + lane.GetProperty("openBatches").GetInt64());
            var alarm = lanes.Select(lane => lane.GetProperty("alarm").GetString()).FirstOrDefault(text => text is not null);
            if (backlog == 0 || alarm is not null || Stopwatch.GetElapsedTime(began) > DrainPatience)
                return (backlog, alarm);
            await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
        }
    }

    /// <summary>Counted in the database, since the API pages what it shows.</summary>
    private static async Task<(long Rows, long Leaves)> CountAsync(RunningSystem system, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(system.Database.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(
            "select (select count(*) from journal), (select coalesce(sum(leaf_count), 0)::bigint from ledger_batch where block_number is not null)", connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
