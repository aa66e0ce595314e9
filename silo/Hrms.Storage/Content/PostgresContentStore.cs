using Hrms.Domain.Ports;
using Npgsql;

namespace Hrms.Storage.Content;

/// <summary>Sealed content over PostgreSQL. The journal's writers insert it; here it is only read.</summary>
public sealed class PostgresContentStore(NpgsqlDataSource database) : IContentStore
{
    public async Task<IReadOnlyList<SealedContent?>> ReadAsync(StreamId stream, IReadOnlyList<byte[]> hashes, CancellationToken cancellationToken)
    {
        var contents = new SealedContent?[hashes.Count];
        if (hashes.Count == 0)
            return contents;
        await using var command = database.CreateCommand(
            """
            select asked.place, content.hash, content.wrapped_key, content.ciphertext
            from unnest($2) with ordinality as asked (hash, place)
            join content on content.stream_id = $1 and content.hash = asked.hash
            """);
        command.Parameters.Add(new() { Value = stream.Value });
        command.Parameters.Add(new() { Value = hashes.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            contents[reader.GetInt64(0) - 1] =
                new(reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3));
        return contents;
    }

    public async Task<IReadOnlyList<long>> SizesAsync(StreamId stream, IReadOnlyList<byte[]> hashes, CancellationToken cancellationToken)
    {
        var sizes = new long[hashes.Count];
        if (hashes.Count == 0)
            return sizes;
        await using var command = database.CreateCommand(
            """
            select asked.place, octet_length(content.ciphertext)
            from unnest($2) with ordinality as asked (hash, place)
            join content on content.stream_id = $1 and content.hash = asked.hash
            """);
        command.Parameters.Add(new() { Value = stream.Value });
        command.Parameters.Add(new() { Value = hashes.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            sizes[reader.GetInt64(0) - 1] = reader.GetInt32(1);
        return sizes;
    }
}
