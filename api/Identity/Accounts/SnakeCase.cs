using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Hrms.Api.Identity.Accounts;

/// <summary>Names as PostgreSQL writes them, so that nobody has to quote them.</summary>
internal static class SnakeCase
{
    public static void Apply(ModelBuilder builder)
    {
        foreach (var entity in builder.Model.GetEntityTypes().Where(entity => !entity.IsMappedToJson()))
        {
            foreach (var property in entity.GetProperties())
                property.SetColumnName(Of(property.Name));
            var table = entity.GetTableName()!;
            foreach (var key in entity.GetKeys())
                key.SetName(key.IsPrimaryKey() ? $"{table}_pkey" : $"{table}_{Names(key.Properties)}_key");
            foreach (var key in entity.GetForeignKeys().Where(key => !key.IsOwnership))
                key.SetConstraintName($"{table}_{Names(key.Properties)}_fkey");
            foreach (var index in entity.GetIndexes())
                index.SetDatabaseName($"{table}_{Names(index.Properties)}_idx");
        }
    }

    private static string Names(IEnumerable<Microsoft.EntityFrameworkCore.Metadata.IReadOnlyProperty> properties) =>
        string.Join('_', properties.Select(property => Of(property.Name)));

    private static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
