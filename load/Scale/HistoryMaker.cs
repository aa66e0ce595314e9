using System.Globalization;
using Hrms.Contracts;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Npgsql;

namespace Hrms.Load.Scale;

/// <summary>
/// Makes a long history of many patients: registered before the first quarter, looked at in every quarter since, and once more lately. A quarter is one transaction; a run that was interrupted
/// goes on with the next. Patients take turns, as they do in life, so the lines of one lie far apart on disk: the worst case for whoever reads a page.
/// </summary>
internal sealed class HistoryMaker(HistoryPlan plan, NpgsqlDataSource database, IReadOnlyList<BulkStream> streams, DateTimeOffset now, Action<string> progress)
{
    private const int AtOnce = 16_384, PractitionerCount = 2_000, RecordsEach = 50;
    private static readonly PurposeOfUse[] Purposes = [PurposeOfUse.TREAT, PurposeOfUse.TREAT, PurposeOfUse.TREAT, PurposeOfUse.TREAT, PurposeOfUse.HPAYMT, PurposeOfUse.HOPERAT];

    public static Guid Practitioner(int number) => new(number % PractitionerCount, 7, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    public async Task MakeAsync(CancellationToken stop)
    {
        var begin = plan.Begin(now);
        if (await AskAsync<bool>("select not exists (select from journal where stream_id = $1)", stop, streams[0].Id))
            await InOneTransactionAsync(connection => CopyIntoJournalAsync(connection, EntryKind.Change, stream => stream.Next(
                begin.AddDays(-1), new PatientRegistered(begin.AddDays(-1), new PatientId(stream.Id), new Actor(ActorKind.Operator, Guid.Empty))), stop), stop);
        var made = await AskAsync<long>("select count(*) from pg_inherits where inhparent = 'access_line'::regclass", stop);
        if (await AskAsync<bool>("select exists (select from journal where stream_id = $1 and version > 1)", stop, streams[0].Id))
            return;
        await ContinueAsync(stop);
        for (var quarter = (int)made; quarter < plan.Quarters; quarter++)
        {
            var first = begin.AddMonths(3 * quarter);
            progress(string.Create(CultureInfo.InvariantCulture, $"Making the lines of the quarter from {first:yyyy-MM-dd}, {quarter + 1} of {plan.Quarters}"));
            await InOneTransactionAsync(connection => CopyQuarterAsync(connection, quarter, first, stop), stop);
        }
        // A stream's newest row is never among the settled.
        var (lately, running) = (now.AddDays(-7), HistoryPlan.QuarterOf(now));
        await InOneTransactionAsync(connection => CopyIntoJournalAsync(connection, EntryKind.Access, stream => Next(stream, lately > running ? lately : running), stop), stop);
        progress("Gathering statistics");
        await ExecuteAsync("analyze journal; analyze access_line", stop);
    }

    /// <summary>Where each stream ends, when an earlier run made its beginning.</summary>
    private async Task ContinueAsync(CancellationToken stop)
    {
        foreach (var some in streams.Chunk(AtOnce))
        {
            var byId = some.ToDictionary(stream => stream.Id);
            await using var command = database.CreateCommand(
                """
                select id, head.version, head.leaf from unnest($1) as id cross join lateral (
                    select version, leaf from journal_whole where stream_id = id order by version desc limit 1) head
                """);
            command.Parameters.Add(new() { Value = byId.Keys.ToArray() });
            command.CommandTimeout = 0;
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
                byId[reader.GetGuid(0)].ContinueAfter(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
        }
    }

    private async Task CopyQuarterAsync(NpgsqlConnection connection, int quarter, DateTimeOffset first, CancellationToken stop)
    {
        await using (var partition = new NpgsqlCommand("select access_line_partition($1)", connection) { Parameters = { new() { Value = first.UtcDateTime } } })
            await partition.ExecuteNonQueryAsync(stop);
        long[] shares = [.. Enumerable.Range(0, plan.Patients).Select(patient => plan.Share(patient, quarter))];
        var (rounds, length) = (Math.Max(1, shares.Skip(1).Max()), first.AddMonths(3) - first);
        await using var copy = await BulkCopy.IntoAccessLinesAsync(connection, shares.Sum(), stop);
        for (var round = 0L; round < rounds; round++)
        {
            var due = Enumerable.Range(1, plan.Patients - 1).Where(patient => round < shares[patient]).ToList();
            List<int[]> parts = due.Count == 0 ? [[]] : [.. due.Chunk(AtOnce)];
            for (var part = 0; part < parts.Count; part++)
            {
                var (from, until) = ((round + ((double)part / parts.Count)) / rounds, (round + ((part + 1.0) / parts.Count)) / rounds);
                DateTimeOffset At(double share) => first + (length * (from + ((until - from) * share)));
                // The one with the most lines has some in every part.
                var most = (int)((long)(shares[0] * until) - (long)(shares[0] * from));
                var (some, ofMost, ofOthers) = (parts[part], new BulkRow[most], new BulkRow[parts[part].Length]);
                Parallel.Invoke(
                    () =>
                    {
                        for (var i = 0; i < most; i++)
                            ofMost[i] = Next(streams[0], At((double)i / most));
                    },
                    () => Parallel.For(0, some.Length, i => ofOthers[i] = Next(streams[some[i]], At((double)i / some.Length))));
                for (int i = 0, j = 0; i < ofOthers.Length || j < most;)
                    copy.Add(j >= most || (i < ofOthers.Length && (double)i / ofOthers.Length <= (double)j / most) ? ofOthers[i++] : ofMost[j++]);
            }
        }
        await copy.CompleteAsync(stop);
    }

    private async Task CopyIntoJournalAsync(NpgsqlConnection connection, EntryKind kind, Func<BulkStream, BulkRow> next, CancellationToken stop)
    {
        await using var copy = await BulkCopy.IntoJournalAsync(connection, kind, stop);
        foreach (var stream in streams)
            copy.Add(next(stream));
        await copy.CompleteAsync(stop);
    }

    /// <summary>Somebody's look, the same for the same line of the same stream.</summary>
    private static BulkRow Next(BulkStream stream, DateTimeOffset at)
    {
        var chance = Mix(BitConverter.ToUInt64(stream.Id.ToByteArray()) ^ (ulong)stream.Version);
        int Any(int count)
        {
            chance = Mix(chance);
            return (int)(chance % (ulong)count);
        }
        var decision = new Decision(true, DecisionReason.Permitted, new ConsentId(new Guid(Any(8), 3, 0, [0, 0, 0, 0, 0, 0, 0, 3])), 1);
        var asker = new Asker(new Actor(ActorKind.Practitioner, Practitioner(Any(PractitionerCount))), Purposes[Any(Purposes.Length)], ClientId: "ehr", CorrelationId: $"{chance:x16}");
        return stream.Next(at, new AccessHappened(at, asker, AccessAction.View, "record", decision,
            [new AccessedRecord(new RecordId(new Guid(Any(RecordsEach), 5, 0, [0, 0, 0, 0, 0, 0, 0, 5])), 1, decision)], 1));
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).</summary>
    private static ulong Mix(ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
            return state ^ (state >> 31);
        }
    }

    private async Task InOneTransactionAsync(Func<NpgsqlConnection, Task> act, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await act(connection);
        await transaction.CommitAsync(stop);
    }

    private async Task<T> AskAsync<T>(string sql, CancellationToken stop, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync(stop))!;
    }

    private async Task ExecuteAsync(string sql, CancellationToken stop)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(stop);
    }
}
