using GraphQL;
using Hrms.Api.GraphQL.Delegates;
using Hrms.Api.GraphQL.Schema;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>Who acts for the patient.</summary>
public sealed partial class PatientType
{
    [Description("Who acts or acted for the patient, newest first; null for everybody but the patient.")]
    public Task<IReadOnlyList<DelegationType>?> Delegations(IResolveFieldContext context) => Grain(context).DelegationsAsync(Asker(context))
        .OrNull(delegations => (IReadOnlyList<DelegationType>)[.. delegations.Select(delegation => new DelegationType(delegation))]);
}
