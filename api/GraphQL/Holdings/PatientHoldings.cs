using GraphQL;
using Hrms.Api.GraphQL.Holdings;
using Hrms.Api.GraphQL.Schema;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>Who received the patient's data.</summary>
public sealed partial class PatientType
{
    [Description("Who received data under which consent, newest first, and whether they purged it when they had to; null for everybody but the patient.")]
    public Task<IReadOnlyList<HoldingType>?> Holdings(IResolveFieldContext context) =>
        Grain(context).HoldingsAsync(Asker(context)).OrNull(holdings => (IReadOnlyList<HoldingType>)[.. holdings.Select(holding => new HoldingType(holding))]);
}
