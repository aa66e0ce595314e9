using System.Text;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;
using Npgsql;

namespace Hrms.Storage.Keys;

/// <summary>
/// The owners' keys over PostgreSQL, wrapped by the vault. A wrapped key is bound to its owner and its id: moved to another row it does not open.
/// </summary>
public sealed class PostgresKeyRing(NpgsqlDataSource database, IKeyVault vault, IEntropy entropy) : IKeyRing
{
    private const int RewrapPage = 500;

    public async Task<OwnerKey> CreateAsync(StreamId owner, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner, cancellationToken) is { } existing)
            return existing;
        var made = new OwnerKey(new Guid(entropy.Bytes(16)), entropy.Bytes(Sealed.KeyBytes));
        var vaultKeyId = vault.CurrentKeyId;
        var wrapped = await vault.WrapAsync(vaultKeyId, made.Key, Place(owner, made.KeyId), cancellationToken);
        await using var command = database.CreateCommand(
            "insert into owner_key (owner, key_id, vault_key_id, wrapped) values ($1, $2, $3, $4) on conflict do nothing");
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = made.KeyId });
        command.Parameters.Add(new() { Value = vaultKeyId });
        command.Parameters.Add(new() { Value = wrapped });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
            return made;
        return await FindAsync(owner, cancellationToken)
            ?? throw new InvalidOperationException($"owner_key has neither a key nor a tombstone of {owner}, though it refused a new row.");
    }

    public async Task<OwnerKey?> FindAsync(StreamId owner, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select key.key_id, key.vault_key_id, key.wrapped, erasure.owner is not null
            from owner_key key left join erasure on erasure.owner = key.owner where key.owner = $1
            """);
        command.Parameters.Add(new() { Value = owner.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        if (reader.IsDBNull(2))
            throw new KeyErasedException(owner);
        var keyId = reader.GetGuid(0);
        var key = await vault.UnwrapAsync(reader.GetString(1), reader.GetFieldValue<byte[]>(2), Place(owner, keyId), cancellationToken);
        return new(keyId, key, reader.GetBoolean(3));
    }

    /// <summary>
    /// Wraps every key anew that an older key of the vault wraps; records and events are not touched. Called by an operator after a rotation. It may
    /// be stopped and started again at any time, and run while silos work.
    /// </summary>
    /// <returns>How many keys were wrapped anew.</returns>
    public async Task<int> RewrapAsync(CancellationToken cancellationToken)
    {
        var (total, current) = (0, vault.CurrentKeyId);
        while (await OldestWrappedAsync(current, cancellationToken) is { Count: > 0 } page)
            foreach (var (owner, keyId, vaultKeyId, wrapped) in page)
            {
                var key = await vault.UnwrapAsync(vaultKeyId, wrapped, Place(owner, keyId), cancellationToken);
                var again = await vault.WrapAsync(current, key, Place(owner, keyId), cancellationToken);
                // Nothing happens if the owner was erased, or the key wrapped by another operator, since the page was read.
                await using var command = database.CreateCommand(
                    "update owner_key set vault_key_id = $1, wrapped = $2 where owner = $3 and wrapped = $4");
                command.Parameters.Add(new() { Value = current });
                command.Parameters.Add(new() { Value = again });
                command.Parameters.Add(new() { Value = owner.Value });
                command.Parameters.Add(new() { Value = wrapped });
                total += await command.ExecuteNonQueryAsync(cancellationToken);
            }
        return total;
    }

    private async Task<List<(StreamId, Guid, string, byte[])>> OldestWrappedAsync(string current, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select owner, key_id, vault_key_id, wrapped from owner_key
            where wrapped is not null and vault_key_id <> $1 order by vault_key_id, owner limit $2
            """);
        command.Parameters.Add(new() { Value = current });
        command.Parameters.Add(new() { Value = RewrapPage });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<(StreamId, Guid, string, byte[])>();
        while (await reader.ReadAsync(cancellationToken))
            page.Add((new(reader.GetGuid(0)), reader.GetGuid(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3)));
        return page;
    }

    private static byte[] Place(StreamId owner, Guid keyId) =>
        [.. Encoding.ASCII.GetBytes("hrms/owner-key/1"), .. owner.Value.ToByteArray(bigEndian: true), .. keyId.ToByteArray(bigEndian: true)];
}
