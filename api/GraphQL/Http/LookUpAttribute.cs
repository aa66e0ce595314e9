using System.Collections.Frozen;
using GraphQL;
using GraphQL.Types;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// On a field of the query root that finds something by an id or identifier which the caller names. One operation asks it once, so that ids are not tried by the dozen under aliases (OWASP GraphQL cheat
/// sheet, batching attacks); many ids are many requests, each of which the caller's budget pays for.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LookUpAttribute : GraphQLAttribute
{
    private const string Key = "hrms-look-up";

    public static bool IsOn(FieldType field) => field.GetMetadata(Key, false);

    /// <summary>The names of all of them.</summary>
    public static FrozenSet<string> In(ISchema schema) => schema.Query?.Fields.Where(IsOn).Select(field => field.Name).ToFrozenSet(StringComparer.Ordinal) ?? [];

    public override void Modify(FieldType fieldType, bool isInputType) => fieldType.WithMetadata(Key, true);
}
