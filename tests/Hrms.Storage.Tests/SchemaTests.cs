using Hrms.Storage.Schema;
using Hrms.TestKit;

namespace Hrms.Storage.Tests;

public sealed class SchemaTests(PostgresFixture postgres)
{
    private static readonly Migration One = Migration.Parse("0001_one.sql", "create table one (id integer); create table two (id integer)");
    private static readonly Migration Two = Migration.Parse("0002_two.sql", "alter table one add column name text");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_FromManySilosAtOnce_AppliesEachScriptOnce()
    {
        var connectionString = await postgres.CreateDatabaseAsync("schema");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            await using var silo = Source(connectionString);
            await SchemaMigrator.ApplyAsync(silo, Cancel);
        }));
        await using var database = Source(connectionString);
        await using var count = database.CreateCommand("select count(*) = max(number) from schema_migration");
        Assert.Equal(true, await count.ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task Apply_GoesOnWhereTheDatabaseIs()
    {
        await using var database = Source(await postgres.CreateDatabaseAsync("schema"));
        await SchemaMigrator.ApplyAsync(database, [One], Cancel);
        await SchemaMigrator.ApplyAsync(database, [One, Two], Cancel);
        await SchemaMigrator.ApplyAsync(database, [One, Two], Cancel);
        await using var query = database.CreateCommand("select name from one");
        Assert.Null(await query.ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task Apply_OfAChangedScript_NamesItAndChangesNothing()
    {
        await using var database = Source(await postgres.CreateDatabaseAsync("schema"));
        await SchemaMigrator.ApplyAsync(database, [One], Cancel);
        var changed = One with { Sql = One.Sql + ";" };
        var fault = await Assert.ThrowsAsync<SchemaException>(
            () => SchemaMigrator.ApplyAsync(database, [Migration.Parse(changed.Name, changed.Sql), Two], Cancel));
        Assert.Contains("0001_one.sql was changed", fault.Message, StringComparison.Ordinal);
        await using var query = database.CreateCommand("select count(*) from information_schema.columns where table_name = 'one'");
        Assert.Equal(1L, await query.ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task Apply_OnANewerDatabase_AsksForTheNewerProgram()
    {
        await using var database = Source(await postgres.CreateDatabaseAsync("schema"));
        await SchemaMigrator.ApplyAsync(database, [One, Two], Cancel);
        var fault = await Assert.ThrowsAsync<SchemaException>(() => SchemaMigrator.ApplyAsync(database, [One], Cancel));
        Assert.Contains("newer program", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_OfAScriptThatFails_LeavesNothingOfIt()
    {
        await using var database = Source(await postgres.CreateDatabaseAsync("schema"));
        var broken = Migration.Parse("0002_broken.sql", "create table three (id integer); select 1 / 0");
        var fault = await Assert.ThrowsAsync<SchemaException>(() => SchemaMigrator.ApplyAsync(database, [One, broken], Cancel));
        Assert.Contains("0002_broken.sql", fault.Message, StringComparison.Ordinal);
        await using var query = database.CreateCommand("select to_regclass('three') is null and (select max(number) = 1 from schema_migration)");
        Assert.Equal(true, await query.ExecuteScalarAsync(Cancel));
        await SchemaMigrator.ApplyAsync(database, [One, Two], Cancel);
    }

    [Fact]
    public async Task Apply_OnAJournalFromAnOlderCluster_RefusesToStart()
    {
        await using var database = Source(await postgres.CreateDatabaseAsync("schema"));
        await SchemaMigrator.ApplyAsync(database, Cancel);
        await using var restored = database.CreateCommand(
            """
            insert into journal (stream_id, version, txid, recorded_at, kind, prev_leaf, salt, leaf, payload)
            values (gen_random_uuid(), 1, '18446744073709551000', now(), 1, sha256('a'), sha256('b'), sha256('c'), 'd')
            """);
        await restored.ExecuteNonQueryAsync(Cancel);
        var fault = await Assert.ThrowsAsync<SchemaException>(() => SchemaMigrator.ApplyAsync(database, Cancel));
        Assert.Contains("pg_resetwal", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_WithAGapOrTwiceOrWrongNames_AreRefused()
    {
        Assert.Throws<SchemaException>(() => Migration.InOrder([Two]));
        Assert.Throws<SchemaException>(() => Migration.InOrder([One, One]));
        Assert.Throws<SchemaException>(() => Migration.Parse("1_one.sql", ""));
    }

    private static Npgsql.NpgsqlDataSource Source(string connectionString) =>
        StorageServices.CreateDataSource(new() { ConnectionString = connectionString });
}
