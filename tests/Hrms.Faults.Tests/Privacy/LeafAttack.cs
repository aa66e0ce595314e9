using System.Security.Cryptography;
using System.Text;
using Hrms.Domain.Proofs;
using Npgsql;

namespace Hrms.Faults.Tests.Privacy;

/// <summary>
/// Somebody who knows everything about a patient but what an erasure destroys: every column of the database as it is now, what was in it before but for the salts,
/// every id, every content in clear, the certificate. For each leaf they try every salt that anybody could think of, and every value that the database holds.
/// </summary>
internal static class LeafAttack
{
    private sealed record Row(Guid Stream, long Version, byte[] PrevLeaf, byte[] Salt, byte[] Leaf, byte[] Payload);

    /// <param name="knowledge">Ids and texts that the attacker knows.</param>
    /// <returns>How many of the patient's leaves were rebuilt, out of how many.</returns>
    public static async Task<(int Rebuilt, int Leaves)> RunAsync(NpgsqlDataSource database, Guid patient, IEnumerable<byte[]> knowledge)
    {
        var rows = await ReadAsync(database);
        var salts = rows.SelectMany(row => new[] { row.Salt, row.Leaf, row.PrevLeaf })
            .Concat(knowledge.SelectMany(known => new[] { known, SHA256.HashData(known), Keccak256.Hash(known), HMACSHA256.HashData(patient.ToByteArray(bigEndian: true), known) }))
            .Concat((await DatabaseDump.ReadAsync(database)).Select(value => value.Bytes))
            .Where(bytes => bytes.Length == Leaf.SaltBytes).Append(new byte[Leaf.SaltBytes])
            .Distinct(new SameBytes()).ToList();
        var own = rows.Where(row => row.Stream == patient && row.Payload.Length > 0).ToList();
        return (own.AsParallel().Count(row => salts.Exists(salt =>
            Leaf.Compute(salt, row.Stream, row.Version, row.PrevLeaf, row.Payload).AsSpan().SequenceEqual(row.Leaf))), own.Count);
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<List<Row>> ReadAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select stream_id, version, prev_leaf, salt, leaf, payload from journal order by stream_id, version");
        await using var reader = await command.ExecuteReaderAsync();
        List<Row> rows = [];
        while (await reader.ReadAsync())
            rows.Add(new(
                reader.GetGuid(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4),
                reader.GetFieldValue<byte[]>(5)));
        return rows;
    }

    private sealed class SameBytes : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] bytes) => BitConverter.ToInt32(bytes, 0);
    }
}
