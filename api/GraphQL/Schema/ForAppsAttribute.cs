using GraphQL;
using GraphQL.Types;

namespace Hrms.Api.GraphQL.Schema;

/// <summary>
/// On an operation: open to an app whose token reaches less far than the party behind it, since what it reaches is the patient's grain's to narrow. Every other operation is for
/// tokens with the scope <see cref="Auth.TokenScope.Account"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ForAppsAttribute : GraphQLAttribute
{
    private const string Key = "hrms-for-apps";

    public static bool IsOn(FieldType field) => field.GetMetadata(Key, false);

    public override void Modify(FieldType fieldType, bool isInputType) => fieldType.WithMetadata(Key, true);
}
