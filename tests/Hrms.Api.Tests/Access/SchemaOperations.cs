using System.Text.Json;
using GraphQL.Types;

namespace Hrms.Api.Tests.Access;

/// <summary>One operation of the schema, ready to be sent. <see cref="Row"/> is its name in the matrix.</summary>
/// <param name="IsOfPatient">Whether it names a patient: then it is sent about one who never existed, too.</param>
public sealed record Operation(string Row, string Document, Func<Guid, Dictionary<string, object?>> VariablesFor, bool IsOfPatient);

/// <summary>Every operation of the running schema, with arguments from the world. An argument that must be given and that the world has no value for fails the test by its name.</summary>
public sealed class SchemaOperations(ISchema schema, AccessWorld world)
{
    private const int DepthMax = 4;

    public IEnumerable<Operation> Reads() =>
    [
        .. schema.Query!.Fields.Where(field => field.Name is not "patient" and not "viewer").Select(field => Of("query", schema.Query.Name, field, "", "")),
        .. Type("Viewer").Fields.Select(field => Of("viewer", "Viewer", field, "viewer {", "}")),
        .. Type("Patient").Fields.Select(field => Of("patient", "Patient", field, "patient(id: $patient) {", "}")),
        // Ids and cursors of what is withheld.
        .. new[] { "record", "recordVersions" }.Select(name => Withheld(name, ("id", "withheld"))), Withheld("reference", ("reference", "withheld.reference")),
        Withheld("records", ("after", "withheld.after")), .. new[] { "labelHistory", "whoCanSee" }.Select(name => Withheld(name, ("record", "withheld"))),
    ];

    public IEnumerable<Operation> Mutations() => schema.Mutation!.Fields.OrderBy(field => field.Name == "signOutEverywhere").Select(field => Of("mutation", schema.Mutation.Name, field, "", ""));

    public IEnumerable<Operation> Subscriptions() => schema.Subscription!.Fields.Select(field => Of("subscription", schema.Subscription.Name, field, "", ""));

    private Operation Withheld(string field, (string Argument, string Value) instead) =>
        Of("patient", "Patient", Type("Patient").Fields.Find(field)!, "patient(id: $patient) {", "}", instead) with { Row = $"patient.{field} of what is withheld" };

    private IObjectGraphType Type(string name) => (IObjectGraphType)schema.AllTypes[name]!;

    private Operation Of(string kind, string owner, FieldType field, string before, string after, (string Argument, string Value)? instead = null)
    {
        List<(string Name, string Type, Func<Guid, object?> Value)> arguments = [];
        foreach (var argument in field.Arguments ?? [])
        {
            Func<Guid, object?>? value = argument.Name == instead?.Argument ? _ => world.Value(instead.Value.Value) : ValueOf($"{owner}.{field.Name}", argument.Name, argument.ResolvedType!, argument.DefaultValue);
            if (value is not null)
                arguments.Add((argument.Name, Name(argument.ResolvedType!), value));
        }
        var given = arguments.Count == 0 ? "" : $"({string.Join(", ", arguments.Select(argument => $"{argument.Name}: ${argument.Name}"))})";
        List<string> declared = [.. arguments.Select(argument => $"${argument.Name}: {argument.Type}")];
        var ofPatient = before.StartsWith("patient", StringComparison.Ordinal);
        if (ofPatient)
            declared.Add("$patient: ID!");
        var operation = kind is "mutation" or "subscription" ? kind : "query";
        var document = $"{operation}{(declared.Count == 0 ? "" : $"({string.Join(", ", declared)})")} {{ {before} {field.Name}{given} {Selection(field.ResolvedType!, 0)} {after} }}";
        return new Operation(
            $"{kind}.{field.Name}", document,
            patient => arguments.Select(argument => KeyValuePair.Create(argument.Name, argument.Value(patient))).Concat(ofPatient ? [KeyValuePair.Create("patient", (object?)patient)] : []).ToDictionary(),
            ofPatient || document.Contains("patient: $patient", StringComparison.Ordinal) || kind == "mutation");
    }

    /// <summary>How an argument is filled in; null: it is left out.</summary>
    private Func<Guid, object?>? ValueOf(string owner, string name, IGraphType type, object? byDefault)
    {
        if (name == "patient")
            return patient => patient;
        var required = type is NonNullGraphType && byDefault is null;
        var inner = type is NonNullGraphType nonNull ? nonNull.ResolvedType! : type;
        if (name is "commandId" || (world.TryValue(owner, name, out var known) && (required || IsMeant(owner, name))))
            return patient => world.TryValue(owner, name, out var value) ? About(patient, value) : null;
        if (!required)
            return null;
        if (inner is not IInputObjectGraphType input)
            throw new InvalidOperationException($"{owner}.{name} ({Name(type)}) must be given: teach AccessWorld a value for it.");
        var members = input.Fields.Select(member => (member.Name, Value: ValueOf(input.Name, member.Name, member.ResolvedType!, member.DefaultValue))).Where(member => member.Value is not null).ToList();
        return patient => members.ToDictionary(member => member.Name, member => member.Value!(patient));
    }

    /// <summary>A resource that names its patient names the one who is asked about.</summary>
    private object? About(Guid patient, object? value) => value is JsonElement resource
        ? JsonElement.Parse(resource.GetRawText().Replace($"{world.Ana.Id:D}", $"{patient:D}", StringComparison.Ordinal)) : value;

    /// <summary>What may be left out is given where leaving it out asks for nothing: FHIR JSON is never required by its type.</summary>
    private static bool IsMeant(string owner, string name) => name is "resource" or "bundle" || (owner == "GrantConsentResourceInput" && name == "consent");

    private static string Selection(IGraphType type, int depth)
    {
        if (Inner(type) is not IObjectGraphType of)
            return "";
        var fields = of.Fields.Where(field => field.Arguments?.All(argument => argument.ResolvedType is not NonNullGraphType || argument.DefaultValue is not null) != false)
            .Where(field => Inner(field.ResolvedType!) is not IObjectGraphType deeper || (deeper.Name != "Patient" && depth < DepthMax && field.Name != "edges"))
            .Select(field => $"{field.Name} {Selection(field.ResolvedType!, depth + 1)}".Trim());
        return $"{{ __typename {string.Join(' ', fields)} }}";
    }

    private static IGraphType Inner(IGraphType type) => type switch
    {
        NonNullGraphType nonNull => Inner(nonNull.ResolvedType!),
        ListGraphType list => Inner(list.ResolvedType!),
        _ => type,
    };

    private static string Name(IGraphType type) => type switch
    {
        NonNullGraphType nonNull => $"{Name(nonNull.ResolvedType!)}!",
        ListGraphType list => $"[{Name(list.ResolvedType!)}]",
        _ => type.Name,
    };
}
