using GraphQL;
using Hrms.Api.GraphQL.Explaining;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>Who can see this, and why.</summary>
public sealed partial class PatientType
{
    [Description(
        "Whether somebody may do something with a record, and why, at this moment or one of the past; null for everybody but the patient. "
        + "Nobody keeps a list of past memberships: name them, or those of now are taken.")]
    public Task<ExplanationType?> Explain(IResolveFieldContext context, ExplainInput input) =>
        Grain(context).ExplainAsync(input.ToQuery(Asker(context))).OrNull(explanation => new ExplanationType(explanation));

    [Description("Everybody whom the patient's consents name, delegates included, and what they may see of a record, by purpose; null for everybody but the patient.")]
    public Task<IReadOnlyList<RecordViewerType>?> WhoCanSee(IResolveFieldContext context, [Id] Guid record) =>
        Grain(context).WhoCanSeeAsync(Asker(context), new RecordId(record))
            .OrNull(viewers => (IReadOnlyList<RecordViewerType>)[.. viewers.Select(viewer => new RecordViewerType(viewer))]);
}
