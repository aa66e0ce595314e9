using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Consents;

/// <summary>One version of a consent: what it said, who made it so, when, and what it changed.</summary>
[Name("ConsentVersion")]
public sealed class ConsentVersionType(ConsentVersionView view)
{
    public int Version => view.Version.Version;

    public ConsentStatus Status => view.Version.Status;

    public ProvisionTerms Rule => new(view.Version.Terms.Rule);

    public IReadOnlyList<ProvisionTerms> Exceptions => [.. view.Version.Terms.Exceptions.Select(exception => new ProvisionTerms(exception))];

    public DateTimeOffset At => view.Version.At;

    public ActorType By => ActorType.Of(view.Version.By);

    [Description("Whether the patient was warned what the restriction may mean for their care, and wanted it.")]
    public bool ImpactAcknowledged => view.Version.ImpactAcknowledged;

    [Description("The event of the patient's stream that made this version: what a proof is asked for.")]
    public long StreamVersion => view.Version.StreamVersion;

    [Description("What differs from the version before; of the first version: nothing.")]
    public IReadOnlyList<TermsChange> Changes => view.Changes;
}
