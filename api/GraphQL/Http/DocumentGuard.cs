using GraphQLParser;
using GraphQLParser.AST;
using Hrms.Api.Budgets;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// Measures what a document becomes once its fragments are written out, without writing them out: every fragment is measured once and
/// remembered. Runs before validation, because the validation rules of graphql-dotnet 8.8 do write them out: 760 bytes of fragments
/// that each spread the next one twice keep them busy for seconds, and neither depth limit, time-out nor cancellation stops that.
/// </summary>
internal sealed class DocumentGuard
{
    /// <summary>As in graphql-js' MaxIntrospectionDepthRule: lists of the schema nested deeper multiply without end.</summary>
    private const int IntrospectionListsMax = 2;

    /// <summary>Deepest chain of selections and fragments that is followed: bounds our own recursion, far above every depth limit.</summary>
    private const int NestingMax = 200;

    private readonly DocumentLimits _limits;
    private readonly IReadOnlySet<string> _lookUps;
    private readonly Dictionary<string, GraphQLFragmentDefinition> _fragments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Extent?> _measured = new(StringComparer.Ordinal);
    private GraphQLRefusal? _refusal;
    private int _nesting;
    private int _literalValues;
    private readonly Dictionary<GraphQLOperationDefinition, long> _costs = [];

    private DocumentGuard(DocumentLimits limits, IReadOnlySet<string> lookUps) => (_limits, _lookUps) = (limits, lookUps);

    /// <summary>Null when the document keeps to the limits; else which one it breaks.</summary>
    /// <param name="document">Parsed, not validated: fragments may be unknown or form a ring.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="lookUps">The root fields that an operation may ask once (<see cref="LookUpAttribute"/>).</param>
    /// <param name="measured">What there is to know of the document; of use when the result is null.</param>
    public static GraphQLRefusal? Check(GraphQLDocument document, DocumentLimits limits, IReadOnlySet<string> lookUps, out PreparedDocument measured)
    {
        var guard = new DocumentGuard(limits, lookUps);
        var introspects = guard.Measure(document).Introspects;
        measured = new PreparedDocument(document, introspects, guard._costs);
        return guard._refusal;
    }

    private Extent Measure(GraphQLDocument document)
    {
        var operations = document.Definitions.OfType<GraphQLOperationDefinition>().ToList();
        if (operations.Count > _limits.OperationsMax)
            return Refuse("DOCUMENT_TOO_MANY_OPERATIONS", $"The document has more than {_limits.OperationsMax} operations.");
        if (document.Definitions.Count(definition => definition is GraphQLFragmentDefinition) > _limits.FragmentsMax)
            return Refuse("DOCUMENT_TOO_MANY_FRAGMENTS", $"The document has more than {_limits.FragmentsMax} fragments.");
        if (operations.Exists(operation => operation.Variables?.Count > _limits.VariablesMax))
            return Refuse("DOCUMENT_TOO_MANY_VARIABLES", $"An operation declares more than {_limits.VariablesMax} variables.");
        foreach (var fragment in document.Definitions.OfType<GraphQLFragmentDefinition>())
            _fragments.TryAdd(fragment.FragmentName.Name.StringValue, fragment);

        var whole = default(Extent);
        foreach (var operation in operations)
        {
            CountDefaults(operation);
            var extent = Checked(Selections(operation.SelectionSet).With(DirectivesOf(operation)));
            _costs[operation] = extent.Cost;
            whole = whole.Beside(extent);
            if (_refusal is null && operation.Operation == OperationType.Query)
                CheckLookUps(operation.SelectionSet, [], []);
        }
        foreach (var fragment in _fragments.Values)
            whole = whole.Beside(Checked(Fragment(fragment)));
        return whole;
    }

    /// <summary>Runs when the operation is known to be small: each fragment is gone through once.</summary>
    /// <param name="set">Selections of the root.</param>
    /// <param name="names">By look-up the name that it is answered under. Under the same name it is the same question, which fragments may repeat.</param>
    /// <param name="spread">Fragments met so far.</param>
    private void CheckLookUps(GraphQLSelectionSet set, Dictionary<string, ROM> names, HashSet<ROM> spread)
    {
        foreach (var selection in set.Selections)
        {
            if (selection is GraphQLInlineFragment inline)
                CheckLookUps(inline.SelectionSet, names, spread);
            else if (selection is GraphQLFragmentSpread { FragmentName.Name: var fragment } && spread.Add(fragment.Value) && _fragments.TryGetValue(fragment.StringValue, out var found))
                CheckLookUps(found.SelectionSet, names, spread);
            else if (selection is GraphQLField field && field.Name.StringValue is var lookUp && _lookUps.Contains(lookUp)
                && (field.Alias?.Name ?? field.Name).Value is var name && !names.TryAdd(lookUp, name) && names[lookUp] != name)
                Refuse("DOCUMENT_REPEATS_LOOK_UP", $"The operation asks for \"{lookUp}\" under several names. What is found by its id is asked for one at a time.");
        }
    }

    private Extent Selections(GraphQLSelectionSet? set) => Selections(set, new HashSet<ROM>());

    /// <param name="set">The selections.</param>
    /// <param name="names">Response names met so far at this place; an inline fragment adds to those around it.</param>
    private Extent Selections(GraphQLSelectionSet? set, HashSet<ROM> names)
    {
        var sum = default(Extent);
        if (set is null || _refusal is not null)
            return sum;
        if (++_nesting > NestingMax)
            return Refuse("DOCUMENT_TOO_DEEP", $"The document is nested deeper than {_limits.DepthMax} levels.");
        foreach (var selection in set.Selections)
        {
            sum = sum.Beside(selection switch
            {
                GraphQLField field when names.Add((field.Alias?.Name ?? field.Name).Value) => Field(field),
                GraphQLField field => Field(field).Repeated(),
                GraphQLInlineFragment inline => Selections(inline.SelectionSet, names).With(DirectivesOf(inline)).Wrapped(),
                GraphQLFragmentSpread spread => Spread(spread).With(DirectivesOf(spread)).Wrapped(),
                _ => default,
            });
        }
        _nesting--;
        return sum;
    }

    private Extent Field(GraphQLField field)
    {
        foreach (var argument in field.Arguments?.Items ?? [])
            CountLiteral(argument.Value);
        var inside = Selections(field.SelectionSet);
        var name = field.Name.Value.Span;
        var introspects = name is "__schema" or "__type";
        if (introspects && inside.IntrospectionLists > IntrospectionListsMax)
            return Refuse("INTROSPECTION_TOO_DEEP", $"Introspection may nest lists of the schema {IntrospectionListsMax} times.");
        return new Extent(
            inside.Cost + (field.Arguments is { Count: > 0 } ? RequestCost.Question : 1),
            inside.Selections + 1,
            inside.Depth + 1,
            inside.Aliases + (field.Alias is null ? 0 : 1),
            inside.Repeats,
            inside.Directives + DirectivesOf(field),
            inside.IntrospectionLists + (name is "fields" or "inputFields" or "interfaces" or "possibleTypes" ? 1 : 0),
            inside.Introspects || introspects);
    }

    private Extent Spread(GraphQLFragmentSpread spread) =>
        _fragments.TryGetValue(spread.FragmentName.Name.StringValue, out var fragment) ? Fragment(fragment) : default;

    private Extent Fragment(GraphQLFragmentDefinition fragment)
    {
        var name = fragment.FragmentName.Name.StringValue;
        if (_measured.TryGetValue(name, out var known))
            return known ?? Refuse("FRAGMENT_CYCLE", "A fragment spreads itself, directly or through others.");
        _measured[name] = null; // being measured: to meet it again below is a ring
        var extent = Selections(fragment.SelectionSet).With(DirectivesOf(fragment));
        _measured[name] = extent;
        return extent;
    }

    private Extent Checked(Extent extent) => extent switch
    {
        _ when _refusal is not null => extent,
        { Selections: var count } when count > _limits.ExpandedSelectionsMax =>
            Refuse("DOCUMENT_TOO_LARGE_EXPANDED", $"With its fragments written out the document has more than {_limits.ExpandedSelectionsMax} selections."),
        { Depth: var depth } when depth > _limits.DepthMax =>
            Refuse("DOCUMENT_TOO_DEEP", $"The document is nested deeper than {_limits.DepthMax} levels."),
        { Aliases: var count } when count > _limits.AliasesMax =>
            Refuse("DOCUMENT_TOO_MANY_ALIASES", $"The document has more than {_limits.AliasesMax} aliases."),
        { Repeats: var count } when count > _limits.RepeatsMax =>
            Refuse("DOCUMENT_TOO_MANY_REPEATS", $"The document selects the same name at the same place again more than {_limits.RepeatsMax} times."),
        { Directives: var count } when count > _limits.DirectivesMax =>
            Refuse("DOCUMENT_TOO_MANY_DIRECTIVES", $"The document has more than {_limits.DirectivesMax} directives."),
        _ => extent,
    };

    private int DirectivesOf(IHasDirectivesNode node)
    {
        foreach (var directive in node.Directives?.Items ?? [])
            foreach (var argument in directive.Arguments?.Items ?? [])
                CountLiteral(argument.Value);
        return node.Directives?.Count ?? 0;
    }

    private void CountDefaults(GraphQLOperationDefinition operation)
    {
        foreach (var variable in operation.Variables?.Items ?? [])
            if (variable.DefaultValue is { } value)
                CountLiteral(value);
    }

    private void CountLiteral(GraphQLValue value)
    {
        if (++_literalValues > _limits.LiteralValuesMax)
        {
            Refuse("DOCUMENT_TOO_MANY_VALUES", $"The document holds more than {_limits.LiteralValuesMax} values; send them as variables.");
            return;
        }
        if (value is GraphQLListValue { Values: { } items })
            items.ForEach(CountLiteral);
        if (value is GraphQLObjectValue { Fields: { } fields })
            fields.ForEach(field => CountLiteral(field.Value));
    }

    private Extent Refuse(string code, string message)
    {
        _refusal ??= new GraphQLRefusal(code, message);
        return default;
    }

    /// <summary>What a part of the document amounts to. Counts are 64 bits wide and each step at most doubles a capped one.</summary>
    /// <param name="Cost">What it is charged for: a selection 1, one with arguments more, since it asks somebody for something.</param>
    private readonly record struct Extent(
        long Cost, long Selections, int Depth, long Aliases, long Repeats, long Directives, int IntrospectionLists, bool Introspects)
    {
        /// <summary>Far above every limit and far below overflow.</summary>
        private const long Plenty = 1L << 40;

        public Extent Beside(Extent other) => new(
            Math.Min(Plenty, Cost + other.Cost),
            Math.Min(Plenty, Selections + other.Selections),
            Math.Max(Depth, other.Depth),
            Math.Min(Plenty, Aliases + other.Aliases),
            Math.Min(Plenty, Repeats + other.Repeats),
            Math.Min(Plenty, Directives + other.Directives),
            Math.Max(IntrospectionLists, other.IntrospectionLists),
            Introspects || other.Introspects);

        public Extent With(int directives) => this with { Directives = Directives + directives };

        public Extent Repeated() => this with { Repeats = Repeats + 1 };

        /// <summary>A spread or an inline fragment is itself a selection, so that rings of empty ones count too.</summary>
        public Extent Wrapped() => this with { Selections = Selections + 1 };
    }
}
