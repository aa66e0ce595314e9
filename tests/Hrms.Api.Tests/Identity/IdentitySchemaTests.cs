using Hrms.Api.Identity.Accounts;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Identity;

/// <summary>The scripts that make the schema, and the model that reads it, say the same.</summary>
public sealed class IdentitySchemaTests(HrmsFixture hrms)
{
    private const string Columns =
        """
        select coalesce(string_agg(line, E'\n' order by line), '') from (
            select concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable, is_identity) line from information_schema.columns where table_schema = @schema
            union all select replace(indexdef, @schema || '.', '') from pg_indexes where schemaname = @schema
            union all select concat_ws(' ', conrelid::regclass::text, replace(pg_get_constraintdef(c.oid), @schema || '.', '')) from pg_constraint c
                join pg_namespace n on n.oid = connamespace where nspname = @schema and contype = 'f') lines
        where line not like '%schema_migration%'
        """;

    [Fact]
    public async Task TheScripts_MakeWhatTheModelReads()
    {
        await using var scope = (await hrms.HostAsync()).Services.CreateAsyncScope();
        var model = scope.ServiceProvider.GetRequiredService<IdentityDatabase>().Database.GenerateCreateScript()
            .Replace("'identity'", "'identity_model'", StringComparison.Ordinal).Replace("identity.", "identity_model.", StringComparison.Ordinal)
            .Replace("SCHEMA identity;", "SCHEMA identity_model;", StringComparison.Ordinal);
        await hrms.AsSuperuserAsync($"drop schema if exists identity_model cascade; {model}");

        var (made, read) = (await LinesAsync("identity"), await LinesAsync("identity_model"));
        Assert.NotEmpty(made);
        Assert.Equal(read, made);
    }

    private async Task<string> LinesAsync(string schema) =>
        (await hrms.QueryAsync(Columns, row => row.GetString(0).Replace($"{schema}.", "", StringComparison.Ordinal), ("schema", schema)))!;
}
