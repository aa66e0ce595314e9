using System.Diagnostics;
using System.Text.Json;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Npgsql;

namespace Hrms.Load.Scenarios;

/// <summary>After a run: the backlog drains to nothing, every row of the journal is in a batch that has its receipt, the contract holds these batches, and the histories of some patients check out.</summary>
internal static class LedgerCheck
{
    private const int Sample = 8, RootsEach = 25;
    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(5);

    public static async Task<IReadOnlyList<Threshold>> RunAsync(RunningSystem system, IReadOnlyList<Party> patients, Action<string> progress, CancellationToken stop)
    {
        progress("Waiting until the ledger has everything");
        var began = Stopwatch.GetTimestamp();
        var lanes = await DrainAsync(system, patients[0].Token, stop);
        var drained = new Threshold("the ledger's backlog drains", lanes.Backlog == 0 && lanes.Alarm is null,
            lanes.Alarm ?? $"{lanes.Backlog} left after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        var (rows, leaves) = await CountAsync(system, stop);
        var counted = new Threshold("as many leaves in batches with a receipt as rows in the journal", rows == leaves, $"{leaves} leaves, {rows} rows");
        var held = await HeldAsync(system, stop);
        progress($"Checking the histories of {Sample} patients");
        var problems = new List<string>();
        var events = 0L;
        // One after the other: each goes through all that the ledger has of the lane.
        using var client = new GraphQLClient(system.NextUrl());
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
        return [drained, counted, held, new Threshold("histories agree with the ledger", problems.Count == 0, problems.Count == 0 ? $"{events} events checked" : problems[0])];
    }

    /// <summary>Waits until no lane has anything left, one has an alarm, or patience ends.</summary>
    public static async Task<(long Backlog, string? Alarm)> DrainAsync(RunningSystem system, string token, CancellationToken stop)
    {
        using var client = new GraphQLClient(system.NextUrl());
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

    /// <summary>
    /// Asks the contract, through the system, for its newest number of each lane and for the roots of the oldest and the newest batches: what the database says of its own batches must be on the chain, too.
    /// </summary>
    public static async Task<Threshold> HeldAsync(RunningSystem system, CancellationToken stop)
    {
        List<string> problems = [], found = [];
        using var client = new GraphQLClient(system.NextUrl());
        var token = system.TokenOfOperator();
        var before = await NewestAsync(system, stop);
        using var answer = await client.AskAsync(token, "{ledger{lane inspection{lastOnLedger}}}", stop);
        // The look is a line, too, and may be in a batch by now.
        var after = await NewestAsync(system, stop);
        foreach (var one in answer.RootElement.GetProperty("data").GetProperty("ledger").EnumerateArray())
        {
            var (lane, inspection) = (one.GetProperty("lane").GetInt32(), one.GetProperty("inspection"));
            var (newest, number) = (before.GetValueOrDefault(lane).Final, inspection.GetProperty("lastOnLedger").ValueKind == JsonValueKind.Number ? inspection.GetProperty("lastOnLedger").GetInt64() : -1);
            if (number < newest || number > after.GetValueOrDefault(lane).Newest)
                problems.Add($"the contract's newest number of lane {lane} is {(number < 0 ? "unknown" : number)}, the database's {newest}");
            var roots = 0L;
            foreach (var from in new[] { 1, Math.Max(1, newest - RootsEach + 1) }.Distinct())
            {
                using var asked = await client.AskAsync(
                    token, "query($l:Int!,$f:Long!,$n:Int!){ledgerCheck(lane:$l,fromBatch:$f,first:$n){batchesChecked problems}}", stop,
                    ("l", one.GetProperty("lane")), ("f", JsonSerializer.SerializeToElement(from)), ("n", JsonSerializer.SerializeToElement(RootsEach)));
                var check = asked.RootElement.GetProperty("data").GetProperty("ledgerCheck");
                roots += check.GetProperty("batchesChecked").GetInt64();
                problems.AddRange(check.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!));
            }
            found.Add($"lane {lane}: {number} batches, {roots} roots compared");
        }
        return new Threshold("the contract has the newest batch, and the roots of the oldest and newest", problems.Count == 0, problems.Count == 0 ? string.Join("; ", found) : problems[0]);
    }

    /// <summary>Of each lane the newest batch that has its receipt, and the newest of all.</summary>
    private static async Task<Dictionary<int, (long Final, long Newest)>> NewestAsync(RunningSystem system, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(system.Database.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand("select lane, coalesce(max(number) filter (where block_number is not null), 0), max(number) from ledger_batch group by lane", connection);
        Dictionary<int, (long Final, long Newest)> newest = [];
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            newest[reader.GetInt32(0)] = (reader.GetInt64(1), reader.GetInt64(2));
        return newest;
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
