using System.Numerics;
using Hrms.Contracts;
using Hrms.Domain.Ports;
using Npgsql;

namespace Hrms.Storage.Lanes;

/// <summary>
/// Patients' keys on their way to the ledger, over PostgreSQL. Whoever takes a key out and whoever signs it change the same row: one of them comes first, and the other finds that.
/// </summary>
public sealed class PostgresPatientKeyQueue(NpgsqlDataSource database) : IPatientKeyQueue
{
    private const string Waiting = "((commitment is not null and not signed) or (retire and not retirement_signed and seen = 1))";

    public Task AddAsync(byte[] pseudonym, byte[] commitment, CancellationToken cancellationToken) => ExecuteAsync(
        "insert into patient_key (pseudonym, commitment) values ($1, $2) on conflict do nothing", cancellationToken, pseudonym, commitment);

    /// <inheritdoc/>
    /// <remarks>Also a key that nobody put in leaves its row: whoever is late with putting it in changes nothing then.</remarks>
    public Task RetireAsync(byte[] pseudonym, CancellationToken cancellationToken) => ExecuteAsync(
        """
        insert into patient_key (pseudonym, retire) values ($1, true)
        on conflict (pseudonym) do update set retire = true, commitment = case when patient_key.signed then patient_key.commitment end
        where not patient_key.retire
        """,
        cancellationToken, pseudonym);

    public Task ForgetAsync(IReadOnlyList<byte[]> pseudonyms, CancellationToken cancellationToken) => ExecuteAsync(
        """
        insert into patient_key (pseudonym) select unnest($1) order by 1
        on conflict (pseudonym) do update set commitment = null where not patient_key.signed
        """,
        cancellationToken, [pseudonyms.ToArray()]);

    public async Task<IReadOnlyList<PatientKeyAnchoring>> StatesAsync(IReadOnlyList<byte[]> pseudonyms, CancellationToken cancellationToken) => await database.ListAsync(
        "select coalesce(seen, 0) from unnest($1) with ordinality asked (pseudonym, place) left join patient_key using (pseudonym) order by place", [pseudonyms.ToArray()],
        row => (PatientKeyAnchoring)(1 + row.GetInt32(0)), cancellationToken);

    public async Task<PatientKeyRegister?> RegisterAsync(CancellationToken cancellationToken) => (await database.ListAsync(
        "select chain_id, contract from patient_key_register join ledger_deployment on epoch = chain_epoch order by epoch desc limit 1", [],
        row => new PatientKeyRegister((ulong)row.GetFieldValue<BigInteger>(0), row.GetFieldValue<byte[]>(1)), cancellationToken)).SingleOrDefault();

    public Task BeginEpochAsync(LedgerIdentity identity, byte[] contract, CancellationToken cancellationToken) => ExecuteAsync(
        """
        with begun as (insert into patient_key_register (chain_epoch, contract) values ($1, $3) on conflict do nothing returning chain_epoch)
        update patient_key set seen = 0,
            since = case when since < $2 then 0 else since end,
            signed = signed and since >= $2,
            retirement_signed = retirement_signed and since >= $2,
            commitment = case when retire and since < $2 then null else commitment end
        from begun where signed
        """,
        cancellationToken, identity.Epoch, identity.Since, contract);

    public async Task<WaitingPatientKey?> DrawAsync(CancellationToken cancellationToken) => (await database.ListAsync(
        $"select pseudonym, commitment, signed from patient_key where {Waiting} order by random() limit 1", [], Change, cancellationToken)).SingleOrDefault();

    /// <inheritdoc/>
    /// <remarks>Repeating it with the same nonce is refused by the key of the table: whoever lost an answer reads again what is stored.</remarks>
    public async Task<bool> InsertAsync(
        WaitingPatientKey change, LedgerIdentity identity, ulong nonce, byte[] account, SignedCommit signed, int lane, long lease, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            """
            with lease as (select lane from lane where lane = $1 and epoch = $2 for share),
            marked as (
                insert into patient_key (pseudonym, commitment, signed, since) select $3, $4, true, $5 from lease
                on conflict (pseudonym) do update set signed = true, retirement_signed = patient_key.retirement_signed or $6, since = excluded.since
                where patient_key.commitment is not null
                returning pseudonym)
            insert into patient_key_transaction (chain_epoch, account, nonce, pseudonym, transaction_hash, signed_transaction)
            select $7, $8, $9, pseudonym, $10, $11 from marked
            """,
            lane, lease, change.Pseudonym, change.Commitment, identity.Since, change.Retires, identity.Epoch, account, Statements.Number(nonce), signed.Hash, signed.Transaction);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
            return true;
        await using var held = database.Command("select 1 from lane where lane = $1 and epoch = $2", lane, lease);
        return await held.ExecuteScalarAsync(cancellationToken) is null ? throw new LeaseLostException(lane, lease) : false;
    }

    public async Task<IReadOnlyList<OpenPatientKey>> OpenAsync(int take, CancellationToken cancellationToken) => await database.ListAsync(
        """
        select pseudonym, commitment, retirement_signed, newest.nonce, newest.chain_epoch, newest.account
        from patient_key cross join lateral (
            select nonce, chain_epoch, account from patient_key_transaction sent where sent.pseudonym = patient_key.pseudonym order by chain_epoch desc, nonce desc limit 1) newest
        where signed and seen < case when retirement_signed then 2 else 1 end
        order by newest.chain_epoch, newest.nonce limit $1
        """,
        [take], row => new OpenPatientKey(Change(row), (ulong)row.GetFieldValue<BigInteger>(3), row.GetInt32(4), row.GetFieldValue<byte[]>(5)), cancellationToken);

    public Task SeenAsync(WaitingPatientKey change, CancellationToken cancellationToken) => ExecuteAsync(
        "update patient_key set seen = greatest(seen, $2) where pseudonym = $1 and signed", cancellationToken, change.Pseudonym, (short)(change.Retires ? 2 : 1));

    public async Task<IReadOnlyList<LedgerTransaction>> TransactionsAsync(int chainEpoch, byte[] account, ulong fromNonce, int take, CancellationToken cancellationToken) => await database.ListAsync(
        """
        select nonce, transaction_hash, signed_transaction from patient_key_transaction
        where chain_epoch = $1 and account = $2 and nonce >= $3 order by nonce limit $4
        """,
        [chainEpoch, account, Statements.Number(fromNonce), take],
        row => new LedgerTransaction(0, 1, (ulong)row.GetFieldValue<BigInteger>(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)), cancellationToken);

    public async Task<ulong?> NextNonceAsync(int chainEpoch, byte[] account, CancellationToken cancellationToken)
    {
        await using var command = database.Command("select max(nonce) from patient_key_transaction where chain_epoch = $1 and account = $2", chainEpoch, account);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.IsDBNull(0) ? null : (ulong)reader.GetFieldValue<BigInteger>(0) + 1;
    }

    private static WaitingPatientKey Change(NpgsqlDataReader row) => new(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1), row.GetBoolean(2));

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
