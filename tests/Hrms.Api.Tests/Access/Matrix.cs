using System.Text;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Access;

/// <summary>What each caller gets of each operation: found, and as <c>matrix.md</c> says that it has to be.</summary>
public sealed class Matrix(IReadOnlyList<string> columns)
{
    /// <summary>Set it to 1 to rewrite the file instead of comparing: then read the difference.</summary>
    public const string WriteVariable = "HRMS_WRITE_MATRIX";

    public static bool IsWriting => Environment.GetEnvironmentVariable(WriteVariable) == "1";

    private readonly SortedDictionary<string, IReadOnlyDictionary<string, string>> _rows = new(StringComparer.Ordinal);

    public static string File => Path.Combine(RepositoryFolder.Root, "tests", "Hrms.Api.Tests", "Access", "matrix.md");

    public void Add(string row, IReadOnlyDictionary<string, string> cells) => _rows.Add(row, cells);

    /// <summary>Each difference from the file, with its operation and its caller.</summary>
    public IReadOnlyList<string> Differences()
    {
        var expected = Read();
        return
        [
            .. _rows.Keys.Except(expected.Keys).Select(row => $"{row}: the operation has no row."),
            .. expected.Keys.Except(_rows.Keys).Select(row => $"{row}: there is no such operation any more."),
            .. from row in _rows
               where expected.ContainsKey(row.Key)
               from column in columns
               let wanted = expected[row.Key].GetValueOrDefault(column, "")
               where row.Value[column] != wanted
               select $"{row.Key}: {column} gets '{row.Value[column]}', not '{wanted}'.",
        ];
    }

    public void Write()
    {
        var text = new StringBuilder("""
            # Who gets what
            Every operation of the GraphQL schema, every field of a patient and every endpoint, as each caller calls it. The test beside this file walks the running product and compares; an operation
            without a row fails it. `data`: something of this patient's, or anything where it is about no patient. `absent`: byte for byte what a patient who never existed answers. `done`: carried out.
            `silent`: the stream is open and nothing comes. A code or a status: refused with it; with `*`, a patient who never existed answers something else.


            """.ReplaceLineEndings("\n"));
        text.Append($"| operation | {string.Join(" | ", columns)} |\n|---|{string.Concat(columns.Select(_ => "---|"))}\n");
        foreach (var (row, cells) in _rows)
            text.Append($"| {row} | {string.Join(" | ", columns.Select(column => cells[column]))} |\n");
        System.IO.File.WriteAllText(File, text.ToString());
    }

    public static Dictionary<string, Dictionary<string, string>> Read()
    {
        if (!System.IO.File.Exists(File))
            return [];
        var lines = System.IO.File.ReadAllLines(File).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()).ToList();
        return lines.Skip(1).ToDictionary(line => line[0], line => lines[0].Skip(1).Zip(line.Skip(1)).ToDictionary(cell => cell.First, cell => cell.Second));
    }
}
