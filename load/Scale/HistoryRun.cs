using System.Globalization;
using System.Text.Json;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;
using Hrms.Storage;
using Npgsql;

namespace Hrms.Load.Scale;

/// <summary>
/// <c>history</c>: how long a patient waits for a page of who looked, when many millions of lines are kept. One client asks, one page after the other, through GraphQL; the lanes are paused, since the
/// rows were not written by the product and are not for the ledger.
/// </summary>
internal static class HistoryRun
{
    private const int Seed = 20_231, PageSize = 25, LookedThrough = 25_000;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private const string Page =
        """
        query($p:ID!,$w:AccessHistoryFilter,$a:String){patient(id:$p){accessHistory(first:25,where:$w,after:$a){
            nodes{streamVersion at actor{kind id} purpose operation permitted reason consent records{id version}} pageInfo{hasNextPage endCursor}}}}
        """;

    public static Task<int> RunAsync(HistoryPlan plan, CancellationToken stop) => ScaleRun.RunAsync(plan.Data, plan.Markdown, async (folder, line, commit) =>
    {
        await using var system = await RunningSystem.OpenAsync(null, folder, line.Say, stop);
        await LaneSwitch.PauseAsync(system, stop);
        await using var database = StorageServices.CreateDataSource(new StorageOptions { ConnectionString = system.Database.ConnectionString });
        var now = DateTimeOffset.UtcNow;
        line.Say($"Making {plan.Patients:#,0} patients' keys");
        var streams = await BulkKeys.StreamsAsync(database, folder, BulkKeys.Ids(plan.Patients, Seed), stop);
        await new HistoryMaker(plan, database, streams, now, line.Say).MakeAsync(stop);
        Party[] patients = [.. streams.Take(plan.Samples + 1).Select(stream => new Party(stream.Id, system.TokenOfPatient(stream.Id)))];
        var figures = await AskAsync(system, plan, patients, now, line, stop);
        return new ScaleReport("The access history at size", plan.Words(), commit, await FactsAsync(database, plan, stop), figures, await CheckAsync(system, plan, patients, now, line, stop));
    }, stop);

    private static async Task<IReadOnlyList<Figure>> AskAsync(RunningSystem system, HistoryPlan plan, Party[] patients, DateTimeOffset now, ProgressLine line, CancellationToken stop)
    {
        using var client = new GraphQLClient(system.NextUrl());
        var (largest, begin, random) = (patients[0], plan.Begin(now), new Random(1));
        DateTimeOffset AnyDay() => begin + (Day * random.Next((int)(HistoryPlan.QuarterOf(now) - begin).TotalDays - 31));
        object Period(TimeSpan length)
        {
            var from = AnyDay();
            return new { from, until = from + length };
        }
        object OfPractitioner() => new { actor = HistoryMaker.Practitioner(random.Next()) };
        object OfPractitionerIn(TimeSpan length)
        {
            var from = AnyDay();
            return new { from, until = from + length, actor = HistoryMaker.Practitioner(random.Next()) };
        }
        // A fresh process compiles what is asked for again and again.
        line.Say("Warming up");
        await ScaleRun.TimeAsync(Enumerable.Range(0, plan.Samples), _ => AskAsync(client, largest, null, null, stop));
        List<Figure> figures = [];
        var cursors = new Dictionary<Guid, string?>();
        await MeasureAsync("the newest page, of a patient who was not active", patients.Skip(1), async patient => cursors[patient.Id] = (await AskAsync(client, patient, null, null, stop)).Cursor);
        await MeasureAsync("the page after it", patients.Skip(1), patient => AskAsync(client, patient, null, cursors[patient.Id], stop));
        await MeasureAsync("a month of the years, of a patient with as many lines as most", patients.Skip(1), patient => AskAsync(client, patient, Period(30 * Day), null, stop));
        await OfLargestAsync("the newest page, of the patient with the most lines", () => (null, null));
        await OfLargestAsync("a page from the midst of them", () => (null, (2 + random.NextInt64(plan.Largest)).ToString(CultureInfo.InvariantCulture)));
        await OfLargestAsync("a day of the years", () => (Period(Day), null));
        await OfLargestAsync("one practitioner's in a month of the years, as far as one answer goes", () => (OfPractitionerIn(30 * Day), null));
        await OfLargestAsync("one practitioner's in all years, as far as one answer goes", () => (OfPractitioner(), null));
        return figures;

        Task OfLargestAsync(string what, Func<(object? Where, string? After)> next) => MeasureAsync(what, Enumerable.Repeat(largest, plan.Samples), patient =>
        {
            var (where, after) = next();
            return AskAsync(client, patient, where, after, stop);
        });

        async Task MeasureAsync(string what, IEnumerable<Party> all, Func<Party, Task> ask)
        {
            figures.Add(Figure.Of(what, await ScaleRun.TimeAsync(all, ask), plan.P99Max));
            line.Say($"{what}: {figures[^1].Latency}");
        }
    }

    /// <summary>One page: who asked, of each line, and where the next page begins.</summary>
    private static async Task<(Guid[] Actors, string? Cursor)> AskAsync(GraphQLClient client, Party patient, object? where, string? after, CancellationToken stop)
    {
        using var answer = await client.AskAsync(patient.Token, Page, stop, ("p", patient.Id.ToString("D")), ("w", JsonSerializer.SerializeToElement(where)), ("a", JsonSerializer.SerializeToElement(after)));
        var history = answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("accessHistory");
        var info = history.GetProperty("pageInfo");
        return ([.. history.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("actor").GetProperty("id").GetGuid())],
            info.GetProperty("hasNextPage").GetBoolean() ? info.GetProperty("endCursor").GetString() : null);
    }

    private static async Task<(List<Guid> Actors, int Pages)> AskAllAsync(GraphQLClient client, Party patient, object where, CancellationToken stop)
    {
        List<Guid> actors = [];
        var (pages, cursor) = (0, (string?)null);
        do
        {
            (var some, cursor) = await AskAsync(client, patient, where, cursor, stop);
            actors.AddRange(some);
            pages++;
        }
        while (cursor is not null);
        return (actors, pages);
    }

    /// <summary>
    /// The rows are the product's own to it: one patient's pages hold every line that was made, and the check of the whole history finds nothing wrong. Who asks the patient with the most lines for one
    /// practitioner's gets each of them, however many answers end early.
    /// </summary>
    private static async Task<IReadOnlyList<Threshold>> CheckAsync(RunningSystem system, HistoryPlan plan, Party[] patients, DateTimeOffset now, ProgressLine line, CancellationToken stop)
    {
        using var client = new GraphQLClient(system.NextUrl());
        var (largest, patient, begin, until) = (patients[0], patients[1], plan.Begin(now), HistoryPlan.QuarterOf(now));
        line.Say("Checking what the pages hold");
        var made = Enumerable.Range(0, plan.Quarters).Sum(quarter => plan.Share(1, quarter));
        var (found, asked) = await AskAllAsync(client, patient, new { until }, stop);
        var end = begin + ((until - begin) * Math.Min(1, LookedThrough / (double)plan.Largest));
        var (all, _) = await AskAllAsync(client, largest, new { from = begin, until = end }, stop);
        var (theirs, askedForTheirs) = await AskAllAsync(client, largest, new { from = begin, until = end, actor = all[0] }, stop);
        using var answer = await client.AskAsync(patient.Token, "query($p:ID!){patient(id:$p){historyCheck{eventsChecked problems nextVersion}}}", stop, ("p", patient.Id.ToString("D")));
        var check = answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("historyCheck");
        var problems = check.GetProperty("problems");
        return
        [
            new Threshold("the pages of one patient hold every line", found.Count == made, $"{found.Count} lines on {asked} pages of {PageSize}, {made} were made"),
            new Threshold("one practitioner's pages hold each of their lines", theirs.Count == all.Count(actor => actor == all[0]) && theirs.TrueForAll(actor => actor == all[0]),
                $"{theirs.Count} of {all.Count} lines, in {askedForTheirs} answers"),
            new Threshold("the check of that history finds nothing wrong", problems.GetArrayLength() == 0, problems.GetArrayLength() == 0 ? $"{check.GetProperty("eventsChecked").GetInt64()} events" : problems[0].GetString()!),
        ];
    }

    private static async Task<IReadOnlyList<string>> FactsAsync(NpgsqlDataSource database, HistoryPlan plan, CancellationToken stop)
    {
        await using var command = database.CreateCommand(
            """
            select count(*), sum(pg_table_size(inhrelid))::bigint, sum(pg_indexes_size(inhrelid))::bigint, (select sum(reltuples)::bigint from pg_class join pg_inherits on inhrelid = oid
                where inhparent = 'access_line'::regclass), pg_total_relation_size('journal'), current_setting('shared_buffers')
            from pg_inherits where inhparent = 'access_line'::regclass
            """);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"{plan.Lines:#,0} settled access lines of {plan.Patients:#,0} patients over {plan.Years} years, {plan.Largest:#,0} of one patient; PostgreSQL estimates {reader.GetInt64(3):#,0} rows"),
            string.Create(CultureInfo.InvariantCulture, $"{reader.GetInt64(0)} partitions: {reader.GetInt64(1) / 1e9:0.00} GB of rows, {reader.GetInt64(2) / 1e9:0.00} GB of indexes; the journal beside them {reader.GetInt64(4) / 1e9:0.00} GB; shared_buffers {reader.GetString(5)}"),
        ];
    }
}
