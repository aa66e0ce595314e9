using GraphQL;
using Hrms.Api.GraphQL.Previewing;
using Hrms.Api.GraphQL.Schema;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>What a change would do, and what may be wrong.</summary>
public sealed partial class PatientType
{
    [Description(
        "What a new consent, other terms of one, or its revocation would do to who sees which records, and to the accesses of the last 90 days if they were repeated. "
        + "Changes nothing; null for everybody but the patient.")]
    public Task<ConsentPreviewType?> PreviewConsent(IResolveFieldContext context, PreviewConsentInput input) =>
        Grain(context).PreviewConsentAsync(input.ToQuery(Asker(context))).OrNull(preview => new ConsentPreviewType(preview));

    [Description("What may be wrong with the consents in force: never deciding, contradictory, never ending; null for everybody but the patient.")]
    public Task<IReadOnlyList<ConsentFindingType>?> ConsentFindings(IResolveFieldContext context) =>
        Grain(context).ConsentFindingsAsync(Asker(context))
            .OrNull(findings => (IReadOnlyList<ConsentFindingType>)[.. findings.Select(finding => new ConsentFindingType(finding))]);
}
