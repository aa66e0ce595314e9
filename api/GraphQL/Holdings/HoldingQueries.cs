using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Holdings;

public sealed class HoldingQueries
{
    [Description("What the asking practitioner or organisation must purge and has not, the most urgent first.")]
    public static async Task<IReadOnlyList<PurgeDutyType>> PurgeDuties(IResolveFieldContext context)
    {
        var asker = context.Asker().Actor;
        return asker.Kind is ActorKind.Practitioner or ActorKind.Organization
            ? [.. (await (await context.OwnProviderAsync()).PurgeDutiesAsync()).Select(duty => new PurgeDutyType(duty))]
            : [];
    }
}
