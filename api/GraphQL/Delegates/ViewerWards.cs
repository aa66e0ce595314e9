using GraphQL;
using Hrms.Api.GraphQL.Delegates;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

public sealed partial class Viewer
{
    [Description(
        "Whom this person acts for as a delegate, newest first; empty for others, and for who acts for somebody already. A list to begin from: a delegate needs a token that names "
        + "the patient, and each look is decided anew.")]
    public async Task<IReadOnlyList<WardType>> Wards(
        IResolveFieldContext context, [Id, Description("The delegation that the page before ended with.")] Guid? after, int first = 25)
    {
        if (Party.Kind != ActorKind.Patient)
            return [];
        return await context.Patient(Party.Id).WardsAsync(asker, after is { } id ? new DelegationId(id) : null, first)
            .OrNull(wards => (IReadOnlyList<WardType>)[.. wards.Select(ward => new WardType(ward))]) ?? [];
    }
}
