namespace Hrms.Contracts;

/// <summary>A provider's kind.</summary>
[GenerateSerializer]
public enum ProviderKind
{
    Practitioner = 1,
    Organization = 2,
    /// <summary>A care team or other group: the organisation that registered it changes its members freely.</summary>
    CareTeam = 3,
}

/// <summary>A practitioner or organisation as an edge read it: registered by an operator, or met in an imported Bundle.</summary>
/// <param name="IdentifierSystem">The system of the business identifier, such as <c>http://hl7.org/fhir/sid/us-npi</c>.</param>
/// <param name="Address">Where it is, in one line; null: not known.</param>
[GenerateSerializer, Immutable, Alias("ProviderDraft")]
public sealed record ProviderDraft(
    [property: Id(0)] ProviderId Id,
    [property: Id(1)] ProviderKind Kind,
    [property: Id(2)] string Name,
    [property: Id(3)] string IdentifierSystem,
    [property: Id(4)] string IdentifierValue,
    [property: Id(5)] string? Address = null);
