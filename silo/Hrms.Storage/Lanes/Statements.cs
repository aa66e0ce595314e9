using System.Numerics;
using Npgsql;
using NpgsqlTypes;

namespace Hrms.Storage.Lanes;

/// <summary>Statements of the ledger's tables: values by place, rows read into a list.</summary>
internal static class Statements
{
    /// <param name="values">$1, $2, ...: values, or parameters where the type does not say it.</param>
    public static NpgsqlCommand Command(this NpgsqlDataSource database, string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        return command;
    }

    public static async Task<List<T>> ListAsync<T>(this NpgsqlDataSource database, string sql, object[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = database.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> all = [];
        while (await reader.ReadAsync(cancellationToken))
            all.Add(read(reader));
        return all;
    }

    /// <summary>64 bits without a sign.</summary>
    public static NpgsqlParameter Number(ulong value) => new() { Value = new BigInteger(value), NpgsqlDbType = NpgsqlDbType.Numeric };
}
