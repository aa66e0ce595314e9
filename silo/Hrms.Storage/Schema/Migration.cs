using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Hrms.Storage.Schema;

/// <summary>One numbered, forward-only script of the schema.</summary>
internal sealed partial record Migration(int Number, string Name, string Sql)
{
    public byte[] Sha256 { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(Sql));

    /// <summary>The scripts that this program carries (<c>Migrations/0001_journal.sql</c> and on), in order.</summary>
    public static IReadOnlyList<Migration> Embedded() => Embedded(Assembly.GetExecutingAssembly());

    /// <summary>The scripts that another program's assembly carries under the same names.</summary>
    public static IReadOnlyList<Migration> Embedded(Assembly assembly)
    {
        return InOrder(assembly.GetManifestResourceNames().Where(name => name.StartsWith("Migrations/", StringComparison.Ordinal)).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            return Parse(Path.GetFileName(name), reader.ReadToEnd());
        }));
    }

    public static Migration Parse(string fileName, string sql)
    {
        var match = FileName().Match(fileName);
        if (!match.Success)
            throw new SchemaException($"Migration '{fileName}' has to be named like 0001_what_it_adds.sql.");
        return new Migration(int.Parse(match.Groups[1].ValueSpan), fileName, sql);
    }

    /// <exception cref="SchemaException">A number is missing or used twice.</exception>
    public static IReadOnlyList<Migration> InOrder(IEnumerable<Migration> migrations)
    {
        var ordered = migrations.OrderBy(migration => migration.Number).ToArray();
        for (var i = 0; i < ordered.Length; i++)
            if (ordered[i].Number != i + 1)
                throw new SchemaException($"Migration {i + 1:0000} is missing or there twice: found '{ordered[i].Name}' in its place.");
        return ordered;
    }

    [GeneratedRegex(@"^(\d{4})_[a-z0-9_]+\.sql$")]
    private static partial Regex FileName();
}

/// <summary>The database and this program do not agree about the schema. The message says what to do; nothing was changed by the step that failed.</summary>
public sealed class SchemaException(string message, Exception? inner = null) : Exception(message, inner);
