using System.Text;
using GraphQL.Types;

namespace Hrms.Api.Tests.Access;

/// <summary>
/// Queries drawn by chance from the running schema: nested as it lets them be, under aliases, in fragments, with arguments of every kind. What the schema gains is asked for without a word here.
/// </summary>
/// <param name="ids">What an id may be.</param>
/// <param name="words">What a text may be: words, codes, cursors, references.</param>
public sealed class RandomQueries(ISchema schema, Random random, IReadOnlyList<Guid> ids, IReadOnlyList<string> words)
{
    private const int DepthMax = 11, SelectionsMax = 120, AliasesMax = 40;

    /// <summary>What others do on the ledger meanwhile shows in these; nothing of a patient does.</summary>
    private static readonly string[] OfTheLedger = ["ledger", "ledgerCheck", "ledgerFollower", "checkIssuedConsent"];

    private static readonly string[] Times = ["2024-01-01T00:00:00Z", "2025-03-01T00:00:00Z", "2025-03-02T08:00:00Z", "2025-06-01T00:00:00Z", "2026-01-02T00:00:00Z"];
    private static readonly string[] Counts = ["1", "2", "3", "4", "5", "10", "25", "50", "100", "200", "1", "2", "3", "4", "5", "10", "25", "50", "0", "201", "-1"];
    private static readonly string[] Purposes = ["TREAT", "TREAT", "TREAT", "HRESCH", "ETREAT", "PATRQT"];

    private readonly StringBuilder _fragments = new();
    private int _selections, _aliases, _names;

    /// <summary>One query. About <paramref name="patient"/> most often.</summary>
    public string Next(Guid patient)
    {
        _fragments.Clear();
        (_selections, _aliases, _names) = (0, 0, 0);
        var text = new StringBuilder("{ ");
        var about = schema.Query!.Fields.Find("patient")!;
        // Each look-up goes once into a question: DOCUMENT_REPEATS_LOOK_UP.
        text.Append($"p1: patient(id: \"{(random.Next(4) > 0 ? patient : Any(ids)):D}\"{(random.Next(3) == 0 ? $", purpose: {Any(Purposes)}" : "")}) {Selections(about.ResolvedType!, 1)} ");
        if (random.Next(3) == 0)
            text.Append(Field(Any([.. schema.Query.Fields.Where(field => field.Name != "patient" && !OfTheLedger.Contains(field.Name))]), 0, []));
        return $"{text} }}{_fragments}";
    }

    private string Selections(IGraphType type, int depth)
    {
        var of = (IObjectGraphType)Inner(type);
        var met = new HashSet<string>();
        var text = new StringBuilder();
        for (var i = random.Next(1, depth > 3 ? 4 : 6); i > 0; i--)
            text.Append(Wrapped(Field(Choose(of, depth), depth, met), of.Name));
        return $"{{ {text}{(random.Next(4) == 0 || text.Length == 0 ? "__typename " : "")}}}";
    }

    /// <summary>Where there is no room for more, what has nothing below it.</summary>
    private FieldType? Choose(IObjectGraphType of, int depth)
    {
        var flat = depth >= DepthMax || _selections >= SelectionsMax;
        var fields = of.Fields.Where(field => !flat || Inner(field.ResolvedType!) is not IObjectGraphType).ToList();
        // Where there are records, they are asked for often.
        var records = fields.Where(field => Inner(field.ResolvedType!).Name.StartsWith("Record", StringComparison.Ordinal) || field.Name is "content" or "codes" or "display").ToList();
        return random.Next(2) == 0 && records.Count > 0 ? Any(records) : Any(fields);
    }

    private string Field(FieldType? field, int depth, HashSet<string> met)
    {
        if (field is null)
            return "";
        var alias = "";
        if (!met.Add(field.Name))
        {
            if (++_aliases > AliasesMax)
                return "";
            alias = $"n{++_names}: ";
        }
        _selections++;
        var arguments = (field.Arguments ?? []).Where(argument => Must(argument.ResolvedType!, argument.DefaultValue) || random.Next(4) == 0)
            .Select(argument => $"{argument.Name}: {Literal(argument.Name, argument.ResolvedType!, 0)}").ToList();
        var below = Inner(field.ResolvedType!) is IObjectGraphType ? Selections(field.ResolvedType!, depth + 1) : "";
        return $"{alias}{field.Name}{(arguments.Count > 0 ? $"({string.Join(", ", arguments)})" : "")} {below} ";
    }

    /// <summary>As it is, in a fragment, or under a directive that changes nothing.</summary>
    private string Wrapped(string selection, string type)
    {
        if (selection.Length == 0)
            return "";
        switch (random.Next(8))
        {
            case 0:
                return $"... on {type} {{ {selection} }} ";
            case 1:
                return $"... @include(if: true) {{ {selection} }} ";
            case 2 when _names < 40:
                var name = $"F{++_names}";
                _fragments.Append($" fragment {name} on {type} {{ {selection} }}");
                return $"...{name} ";
            default:
                return selection;
        }
    }

    private string Literal(string name, IGraphType type, int depth) => type switch
    {
        NonNullGraphType nonNull => Literal(name, nonNull.ResolvedType!, depth),
        ListGraphType list => $"[{string.Join(", ", Enumerable.Range(0, random.Next(3)).Select(_ => Literal(name, list.ResolvedType!, depth)))}]",
        EnumerationGraphType values => Any([.. values.Values]).Name,
        IInputObjectGraphType input => Input(input, depth),
        _ => type.Name switch
        {
            "ID" => $"\"{Any(ids):D}\"",
            "Int" or "Long" or "ULong" => Any(Counts),
            "Boolean" => random.Next(2) == 0 ? "true" : "false",
            "DateTimeOffset" => $"\"{Any(Times)}\"",
            "PurposeOfUse" => Any(Purposes),
            _ => $"\"{Any(words)}\"",
        },
    };

    private string Input(IInputObjectGraphType input, int depth)
    {
        var members = input.Fields.Where(member => Must(member.ResolvedType!, member.DefaultValue) || (depth < 2 && random.Next(3) == 0))
            .Select(member => $"{member.Name}: {Literal(member.Name, member.ResolvedType!, depth + 1)}");
        return $"{{ {string.Join(", ", members)} }}";
    }

    private T Any<T>(IReadOnlyList<T> all) => all.Count == 0 ? default! : all[random.Next(all.Count)];

    private static bool Must(IGraphType type, object? byDefault) => type is NonNullGraphType && byDefault is null;

    private static IGraphType Inner(IGraphType type) => type switch
    {
        NonNullGraphType nonNull => Inner(nonNull.ResolvedType!),
        ListGraphType list => Inner(list.ResolvedType!),
        _ => type,
    };
}
