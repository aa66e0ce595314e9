using System.Numerics;
using Hrms.Domain.Ports;

namespace Hrms.Storage.Lanes;

/// <summary>Which chain the lanes write to, and what operators told them.</summary>
public sealed partial class PostgresLaneStore
{
    public async Task<LedgerDeployment?> DeploymentAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            "select chain_id, genesis_hash, contract_address, code_hash, signed_transactions, epoch, since from ledger_deployment order by epoch desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return new(
            (ulong)reader.GetFieldValue<BigInteger>(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3),
            reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[][]>(4), reader.GetInt32(5), reader.GetInt32(6));
    }

    public async Task<LedgerDeployment> InsertDeploymentAsync(LedgerDeployment deployment, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            """
            insert into ledger_deployment (chain_id, genesis_hash, contract_address, code_hash, signed_transactions, epoch, since)
            select $1, $2, $3, $4, $5, $6, $7 where $6 = (select coalesce(max(epoch), 0) + 1 from ledger_deployment) on conflict do nothing
            """,
            Statements.Number(deployment.ChainId), deployment.GenesisHash, deployment.ContractAddress, deployment.CodeHash,
            new Npgsql.NpgsqlParameter
            {
                Value = deployment.SignedTransactions is { } signed ? signed.ToArray() : DBNull.Value,
                NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Bytea,
            },
            deployment.Epoch, deployment.Since);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return (await DeploymentAsync(cancellationToken))!;
    }

    public async Task<string?> PausedBecauseAsync(int lane, CancellationToken cancellationToken)
    {
        await using var command = database.Command("select paused_because from lane where lane = $1", lane);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    public async Task CloseAsync(int lane, string? because, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            "update lane set closed_because = $2 where lane = $1 and closed_because is distinct from $2", lane, new Npgsql.NpgsqlParameter<string?> { TypedValue = because });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<int>> ClosedAsync(CancellationToken cancellationToken) =>
        await database.ListAsync("select lane from lane where closed_because is not null", [], row => row.GetInt32(0), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>One statement: what holds and what is kept of it become durable together.</remarks>
    public async Task<bool> OperateAsync(LaneOperation operation, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            """
            with said as (
                insert into ledger_operation (command_id, lane, at, actor, what, reason) values ($1, $2, $3, $4, $5, $6)
                on conflict do nothing returning lane),
            held as (
                insert into lane (lane, epoch, holder, paused_because)
                select lane, 0, '', case $5 when 'pause' then $6 end from said where $5 in ('pause', 'resume')
                on conflict (lane) do update set paused_because = excluded.paused_because)
            select 1 from said
            """,
            operation.CommandId, operation.Lane, operation.At.UtcDateTime, operation.Actor, operation.What, operation.Reason);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    public async Task<IReadOnlyList<LaneOperation>> OperationsAsync(int lane, int take, CancellationToken cancellationToken) => await database.ListAsync(
        "select command_id, lane, at, actor, what, reason from ledger_operation where lane = $1 order by at desc limit $2", [lane, take],
        row => new LaneOperation(row.GetGuid(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2), row.GetString(3), row.GetString(4), row.GetString(5)),
        cancellationToken);
}
