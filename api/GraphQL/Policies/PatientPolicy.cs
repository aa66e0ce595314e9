using GraphQL;
using Hrms.Api.GraphQL.Policies;
using Hrms.Api.GraphQL.Schema;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>What holds for the whole record.</summary>
public sealed partial class PatientType
{
    [Description("What holds where no consent says anything, and whether the record is closed altogether; null for everybody but the patient.")]
    public Task<PolicyType?> Policy(IResolveFieldContext context) => Grain(context).PolicyAsync(Asker(context)).OrNull(view => new PolicyType(view));
}
