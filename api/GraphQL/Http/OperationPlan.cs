using System.Collections;
using System.Collections.Concurrent;
using GraphQL;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQL.Validation.Rules;
using GraphQLParser;
using GraphQLParser.AST;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// What is still to be done for an operation of a document that passed validation before: its variables, and the arguments of these fields. graphql-dotnet finds
/// both anew at each request, by three walks through the document; this keeps them. It is handed over as the operation's rules and is the rule about
/// argument values to a validator that does not know it.
/// </summary>
internal sealed class OperationPlan : IEnumerable<IValidationRule>
{
    private readonly List<(GraphQLField Field, FieldType Definition)> _fields = [];

    // A context remembers where its operation uses variables, which is most of the work: it is lent to one request after the other.
    private readonly ConcurrentBag<ValidationContext> _contexts = [];

    private OperationPlan()
    {
    }

    /// <summary>The fields of the operation that are given arguments.</summary>
    public IReadOnlyList<(GraphQLField Field, FieldType Definition)> Fields => _fields;

    /// <summary>Null when the operation has what only the library's own walk does justice to: directives, fields with rules of their own, unions.</summary>
    public static OperationPlan? Of(GraphQLDocument document, GraphQLOperationDefinition operation, ISchema schema)
    {
        var root = operation.Operation switch
        {
            OperationType.Query => schema.Query,
            OperationType.Mutation => schema.Mutation,
            _ => null,
        };
        var plan = new OperationPlan();
        return root is not null && operation.Directives is null or { Count: 0 } && plan.TryAdd(operation.SelectionSet, root, document, schema, []) ? plan : null;
    }

    /// <summary>A context of graphql-dotnet's to read variables with; given back when they were read without an error.</summary>
    public ValidationContext Borrow(in ValidationOptions options)
    {
        if (!_contexts.TryTake(out var context))
            context = new ValidationContext { TypeInfo = new TypeInfo(options.Schema), Schema = options.Schema, Document = options.Document, Operation = options.Operation };
        context.Variables = options.Variables;
        return context;
    }

    public void GiveBack(ValidationContext context)
    {
        context.Variables = Inputs.Empty;
        _contexts.Add(context);
    }

    public IEnumerator<IValidationRule> GetEnumerator() => Enumerable.Repeat<IValidationRule>(FieldArgumentsAreValidRule.Instance, 1).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool TryAdd(GraphQLSelectionSet? selections, IComplexGraphType type, GraphQLDocument document, ISchema schema, HashSet<ROM> fragments) =>
        selections is null || selections.Selections.TrueForAll(selection => selection is not IHasDirectivesNode { Directives.Count: > 0 } && selection switch
        {
            GraphQLField field => TryAdd(field, type, document, schema, fragments),
            GraphQLInlineFragment { TypeCondition: null } inline => TryAdd(inline.SelectionSet, type, document, schema, fragments),
            GraphQLInlineFragment inline => TryAdd(inline.SelectionSet, inline.TypeCondition.Type.Name.Value, document, schema, fragments),
            GraphQLFragmentSpread spread => !fragments.Add(spread.FragmentName.Name.Value)
                || (document.FindFragmentDefinition(spread.FragmentName.Name.Value) is { } fragment && fragment.Directives is null or { Count: 0 }
                    && TryAdd(fragment.SelectionSet, fragment.TypeCondition.Type.Name.Value, document, schema, fragments)),
            _ => false,
        });

    private bool TryAdd(GraphQLSelectionSet selections, ROM type, GraphQLDocument document, ISchema schema, HashSet<ROM> fragments) =>
        schema.AllTypes[type] is IComplexGraphType known && TryAdd(selections, known, document, schema, fragments);

    private bool TryAdd(GraphQLField field, IComplexGraphType type, GraphQLDocument document, ISchema schema, HashSet<ROM> fragments)
    {
        if (field.Name.Value == schema.TypeNameMetaFieldType.Name)
            return true;
        if (type.Fields.Find(field.Name.Value) is not { ValidateArguments: null } definition)
            return false;
        if (field.Arguments is { Count: > 0 })
            _fields.Add((field, definition));
        return field.SelectionSet is null
            || (definition.ResolvedType?.GetNamedType() is IComplexGraphType below && TryAdd(field.SelectionSet, below, document, schema, fragments));
    }
}
