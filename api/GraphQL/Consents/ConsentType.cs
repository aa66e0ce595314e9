using System.Text.Json;
using GraphQL;
using Hrms.Api.Fhir.Consents;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Consents;

/// <summary>What a patient has said in one consent.</summary>
[Name("Consent")]
public sealed class ConsentType(ConsentView view, Guid? patient = null)
{
    [Id]
    public Guid Id => view.Id.Value;

    public int Version => view.Version;

    public ConsentStatus Status => view.Status;

    public ProvisionTerms Rule => new(view.Terms.Rule);

    public IReadOnlyList<ProvisionTerms> Exceptions => [.. view.Terms.Exceptions.Select(exception => new ProvisionTerms(exception))];

    [Description("From when on it holds; null: at once.")]
    public DateTimeOffset? ValidFrom => view.Terms.Validity.From;

    [Description("When it ends by itself; null: when it is revoked.")]
    public DateTimeOffset? ValidUntil => view.Terms.Validity.Until;

    [Description("Until when who receives data under it may keep them; null: as the law says.")]
    public DateTimeOffset? KeepUntil => view.Terms.KeepUntil;

    [Description("How often it may be used; null: without limit.")]
    public FrequencyType? Frequency => view.Terms.Frequency is { } frequency ? new FrequencyType(frequency) : null;

    public DateTimeOffset GrantedAt => view.GrantedAt;

    public DateTimeOffset? RevokedAt => view.RevokedAt;

    [Description("The event of the patient's stream that made this version: what a proof is asked for.")]
    public long StreamVersion => view.StreamVersion;

    [Description("As a FHIR R4 Consent in the manner of IHE PCF; what it said besides its provision when it was given by grantConsentResource is in it.")]
    [OutputType(typeof(FhirJsonGraphType))]
    public JsonElement Resource() => JsonSerializer.SerializeToElement(ConsentWriter.Write(view, patient));
}

/// <summary>One rule: who, why, what may be done, which data. Empty lists mean any.</summary>
[Name("Provision")]
public sealed class ProvisionTerms(Provision provision)
{
    public ProvisionType Type => provision.Type;

    public ActorType Grantee => ActorType.Of(provision.Grantee);

    public IReadOnlyList<PurposeOfUse> Purposes => provision.Purposes;

    public IReadOnlyList<AccessAction> Actions => provision.Actions;

    public IReadOnlyList<DataClass> Classes => provision.Data.Classes;

    [Id]
    public IReadOnlyList<Guid> Records => [.. provision.Data.Records.Select(record => record.Value)];

    [Id]
    public IReadOnlyList<Guid> Authors => [.. provision.Data.Authors.Select(author => author.Value)];

    [Id]
    public IReadOnlyList<Guid> Encounters => [.. provision.Data.Encounters.Select(encounter => encounter.Value)];

    public IReadOnlyList<string> Labels => provision.Data.Labels;

    [Description("Data as confidential as one of these says; empty: any.")]
    public IReadOnlyList<Confidentiality> Confidentialities => provision.Data.Confidentialities ?? [];

    [Description("Samples at these resolutions only; empty: any data.")]
    public IReadOnlyList<SampleResolution> Resolutions => provision.Data.Resolutions ?? [];

    public DateTimeOffset? DataFrom => provision.Data.Window?.From;

    public DateTimeOffset? DataUntil => provision.Data.Window?.Until;
}
