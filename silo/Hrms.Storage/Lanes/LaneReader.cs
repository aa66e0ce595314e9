using Hrms.Domain.Ports;
using Npgsql;
using NpgsqlTypes;

namespace Hrms.Storage.Lanes;

/// <summary>
/// Follows the journal for one lane. The order is (txid, position), and only rows below the oldest running transaction are seen: whatever commits
/// later has a higher txid, so a reader that goes on after the last row it saw skips nothing. By position alone it would: positions are handed out to
/// transactions that commit in another order.
/// </summary>
internal sealed class LaneReader(NpgsqlDataSource database)
{
    // The same as Lanes.Of. By the function and not by its operator: of `=` the planner takes it that one row of two hundred is a lane's, and sorts all that there are rather than take the first by
    // their index. Of 50 million rows a backlog was not counted in half a minute; now it is in 0.06 s.
    private const string OfLane = "int4eq(get_byte(uuid_send(stream_id), 15) % $2, $1)";
    private const string Settled = "txid < pg_snapshot_xmin(pg_current_snapshot())";

    public async Task<IReadOnlyList<LaneRow>> ReadAsync(
        int lane, int laneCount, JournalCursor after, int take, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            select txid, position, leaf, nullifier from journal_whole
            where {OfLane} and (txid, position) > ($3, $4) and {Settled} order by txid, position limit $5
            """,
            lane, laneCount, after);
        command.Parameters.Add(new() { Value = take });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<LaneRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new(
                reader.GetFieldValue<ulong>(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3)));
        return rows;
    }

    /// <summary>Rows that a running transaction could still precede are among them: they wait for it.</summary>
    public async Task<int> CountAsync(int lane, int laneCount, JournalCursor after, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            select count(*)::integer from (
                select from journal_whole where {OfLane} and (txid, position) > ($3, $4) order by txid, position limit $5) waiting
            """,
            lane, laneCount, after);
        command.Parameters.Add(new() { Value = limit });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<LaneWaiting> WaitingAsync(int lane, int laneCount, JournalCursor after, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            select count(*)::integer, min(recorded_at) from (
                select recorded_at from journal_whole where {OfLane} and (txid, position) > ($3, $4) order by txid, position limit $5) waiting
            """,
            lane, laneCount, after);
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1));
    }

    /// <summary>The place of a row among the lane's rows after a cursor, from 0; null when there is no such row.</summary>
    public async Task<int?> IndexAsync(int lane, int laneCount, JournalCursor after, JournalCursor row, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            select case when bool_or((txid, position) = ($5, $6)) then count(*)::integer - 1 end
            from journal_whole where {OfLane} and (txid, position) > ($3, $4) and (txid, position) <= ($5, $6)
            """,
            lane, laneCount, after);
        Add(command, row);
        return await command.ExecuteScalarAsync(cancellationToken) as int?;
    }

    public async Task<IReadOnlyList<byte[]>> LeavesAsync(
        int lane, int laneCount, JournalCursor after, JournalCursor through, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
            select leaf from journal_whole
            where {OfLane} and (txid, position) > ($3, $4) and (txid, position) <= ($5, $6) order by txid, position
            """,
            lane, laneCount, after);
        Add(command, through);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var leaves = new List<byte[]>();
        while (await reader.ReadAsync(cancellationToken))
            leaves.Add(reader.GetFieldValue<byte[]>(0));
        return leaves;
    }

    private NpgsqlCommand Command(string sql, int lane, int laneCount, JournalCursor after)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = lane });
        command.Parameters.Add(new() { Value = laneCount });
        Add(command, after);
        return command;
    }

    private static void Add(NpgsqlCommand command, JournalCursor cursor)
    {
        command.Parameters.Add(new() { Value = cursor.TransactionId, NpgsqlDbType = NpgsqlDbType.Xid8 });
        command.Parameters.Add(new() { Value = cursor.Position });
    }
}
