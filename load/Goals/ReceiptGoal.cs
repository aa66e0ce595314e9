using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using HdrHistogram;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;
using Npgsql;
using NpgsqlTypes;

namespace Hrms.Load.Goals;

/// <summary>
/// P6: how long after its acknowledgement a change is final: its batch's receipt was seen by the ledger writer and stored, which it is only when the node has it in a
/// block. By the database, asked again and again, so the figure is too large by some milliseconds rather than too small.
/// </summary>
internal static class ReceiptGoal
{
    private static readonly Goal Half = new("P6 p50", "acknowledgement to receipt, in block periods, half of the changes", 1, 0.75, MoreIsBetter: false);
    private static readonly Goal Most = new("P6 p99", "acknowledgement to receipt, in block periods, 99 of 100 changes", 2, 1.5, MoreIsBetter: false);
    private const double PerSecond = 100;
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(5), Patience = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext context, CancellationToken stop)
    {
        List<double> halves = [], mosts = [];
        List<string> raw = [];
        for (var repeat = 1; repeat <= context.Plan.Repeats; repeat++)
        {
            await LedgerCheck.DrainAsync(context.System, context.System.TokenOfOperator(), stop);
            var (round, millis, signed, mined) = await RoundAsync(context, repeat, stop);
            halves.Add(millis.P50 / BlockNode.Period.TotalMilliseconds);
            mosts.Add(millis.P99 / BlockNode.Period.TotalMilliseconds);
            raw.Add(string.Create(CultureInfo.InvariantCulture, $"{PerSecond:0} changes/s, block period {BlockNode.Period.TotalSeconds:0} s: {millis}; of it until the change's batch is signed {signed}, from there to its receipt {mined}; CPU of the node for each block {round.CpuMicros.GetValueOrDefault("node") * round.Count / round.Seconds * BlockNode.Period.TotalSeconds / 1000:0} ms"));
        }
        return [new GoalResult(Half, halves, raw, "goals --only P6"), new GoalResult(Most, mosts, raw, "goals --only P6")];
    }

    private static async Task<(Measurement Round, Latency Whole, Latency UntilSigned, Latency UntilReceipt)> RoundAsync(GoalContext context, int repeat, CancellationToken stop)
    {
        var acknowledged = new ConcurrentQueue<(Guid Stream, long Version, long At)>();
        List<(JournalPlace Through, long At)> receipts = [];
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watch = WatchAsync(context.System.Database, receipts, watching.Token);
        context.Changes.Acknowledged = (stream, version) => acknowledged.Enqueue((stream, version, Stopwatch.GetTimestamp()));
        Measurement round;
        try
        {
            round = await context.RoundAsync(Inject.At(PerSecond, context.Plan.Clients, context.Plan.Duration), $"P6 {repeat}", stop);
        }
        finally
        {
            context.Changes.Acknowledged = null;
        }
        var places = await PlacesAsync(context.System.Database, acknowledged, stop);
        var last = places.Values.Max();
        var began = Stopwatch.GetTimestamp();
        while (!Covered(last) && Stopwatch.GetElapsedTime(began) < Patience)
            await Task.Delay(AskEvery, stop);
        await watching.CancelAsync();
        await watch;
        if (!Covered(last))
            throw new LoadFaultException($"P6: not everything is on the ledger after {Patience.TotalSeconds:0} s.");
        var batches = await BatchesAsync(context.System.Database, places.Values.Min(), stop);
        var (whole, untilSigned, untilReceipt) = (Micros(), Micros(), Micros());
        foreach (var (stream, version, at) in acknowledged)
        {
            var place = places[(stream, version)];
            var receipt = Math.Max(at, receipts.First(one => one.Through.CompareTo(place) >= 0).At);
            // A batch may be signed before its changes' answers are read.
            var signed = Math.Clamp(batches.First(one => one.Through.CompareTo(place) >= 0).SignedAt, at, receipt);
            whole.RecordValue(Between(at, receipt));
            untilSigned.RecordValue(Between(at, signed));
            untilReceipt.RecordValue(Between(signed, receipt));
        }
        return (round, Latency.Of(whole), Latency.Of(untilSigned), Latency.Of(untilReceipt));

        static LongHistogram Micros() => new(3_600_000_000, 3);

        static long Between(long from, long to) => Math.Max(1, (long)Stopwatch.GetElapsedTime(from, to).TotalMicroseconds);

        bool Covered(JournalPlace place)
        {
            lock (receipts)
                return receipts.Count > 0 && receipts[^1].Through.CompareTo(place) >= 0;
        }
    }

    private static async Task WatchAsync(NpgsqlConnectionStringBuilder database, List<(JournalPlace, long)> receipts, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(
            "select through_txid, through_position from ledger_batch where lane = 0 and block_number is not null order by number desc limit 1", connection);
        await command.PrepareAsync(stop);
        var seen = default(JournalPlace);
        while (!stop.IsCancellationRequested)
        {
            await using (var reader = await command.ExecuteReaderAsync(CancellationToken.None))
            {
                if (await reader.ReadAsync(CancellationToken.None) && new JournalPlace(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)) is var place && place != seen)
                {
                    seen = place;
                    lock (receipts)
                        receipts.Add((place, Stopwatch.GetTimestamp()));
                }
            }
            await Task.Delay(AskEvery, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>When each batch from a place on was signed, in <see cref="Stopwatch"/> ticks of this program: the silo signs by the database's clock, which is this machine's.</summary>
    private static async Task<IReadOnlyList<(JournalPlace Through, long SignedAt)>> BatchesAsync(NpgsqlConnectionStringBuilder database, JournalPlace from, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(
            """
            select through_txid, through_position, extract(epoch from clock_timestamp() - signed_at)::double precision
            from ledger_batch where lane = 0 and (through_txid, through_position) >= ($1, $2) order by number
            """, connection);
        command.Parameters.Add(new() { Value = from.TransactionId, NpgsqlDbType = NpgsqlDbType.Xid8 });
        command.Parameters.Add(new() { Value = from.Position });
        List<(JournalPlace, long)> batches = [];
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            batches.Add((new JournalPlace(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)), Stopwatch.GetTimestamp() - (long)(reader.GetDouble(2) * Stopwatch.Frequency)));
        return batches;
    }

    private static async Task<Dictionary<(Guid, long), JournalPlace>> PlacesAsync(
        NpgsqlConnectionStringBuilder database, IEnumerable<(Guid Stream, long Version, long At)> changes, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(
            "select j.stream_id, j.version, j.txid, j.position from unnest($1, $2) as asked (stream_id, version) join journal j using (stream_id, version)", connection);
        command.Parameters.Add(new() { Value = changes.Select(change => change.Stream).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = changes.Select(change => change.Version).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        Dictionary<(Guid, long), JournalPlace> places = [];
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            places[(reader.GetGuid(0), reader.GetInt64(1))] = new JournalPlace(reader.GetFieldValue<ulong>(2), reader.GetInt64(3));
        return places;
    }

    /// <summary>Where a row stands in the order in which lanes follow the journal.</summary>
    private readonly record struct JournalPlace(ulong TransactionId, long Position) : IComparable<JournalPlace>
    {
        public int CompareTo(JournalPlace other) => (TransactionId, Position).CompareTo((other.TransactionId, other.Position));
    }
}
