using System.IO.Compression;
using System.Text;
using Npgsql;

namespace Hrms.Faults.Tests.Privacy;

/// <summary>Every value of every table of ours, as bytes; and what a column holds when somebody had only compressed it.</summary>
internal static class DatabaseDump
{
    private const string Tables =
        "select format('%I.%I', table_schema, table_name) from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'";

    public static async Task<List<(string Place, byte[] Bytes)>> ReadAsync(NpgsqlDataSource database)
    {
        List<string> tables = [];
        await using (var command = database.CreateCommand(Tables))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0));
        List<(string, byte[])> all = [];
        foreach (var table in tables)
        {
            await using var command = database.CreateCommand($"select row_to_json(t)::text, t.* from {table} t");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                all.Add((table, Encoding.UTF8.GetBytes(reader.GetString(0))));
                for (var i = 1; i < reader.FieldCount; i++)
                    all.AddRange(Bytes(reader, i).SelectMany(Forms).Select(form => ($"{table}.{reader.GetName(i)}", form)));
            }
        }
        return all;
    }

    private static byte[][] Bytes(NpgsqlDataReader row, int column) => (row.IsDBNull(column), row.GetDataTypeName(column)) switch
    {
        (false, "bytea") => [row.GetFieldValue<byte[]>(column)],
        (false, "bytea[]") => row.GetFieldValue<byte[][]>(column),
        _ => [],
    };

    private static IEnumerable<byte[]> Forms(byte[] value) =>
        new[] { value, Expanded(value, s => new GZipStream(s, CompressionMode.Decompress)), Expanded(value, s => new ZLibStream(s, CompressionMode.Decompress)),
            Expanded(value, s => new DeflateStream(s, CompressionMode.Decompress)) }.OfType<byte[]>();

    private static byte[]? Expanded(byte[] value, Func<Stream, Stream> open)
    {
        try
        {
            using var stream = open(new MemoryStream(value));
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            return null;
        }
    }
}
