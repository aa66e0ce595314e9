namespace Hrms.Contracts;

/// <summary>A practitioner or organisation as everyone may see it.</summary>
/// <param name="Members">Of an organisation: the practitioners that belong to it.</param>
[GenerateSerializer, Immutable, Alias("ProviderView")]
public sealed record ProviderView(
    [property: Id(0)] ProviderId Id,
    [property: Id(1)] ProviderKind Kind,
    [property: Id(2)] string Name,
    [property: Id(3)] string IdentifierSystem,
    [property: Id(4)] string IdentifierValue,
    [property: Id(5)] IReadOnlyList<ProviderId> Members,
    [property: Id(6)] string? Address = null);

/// <summary>Registers a provider. Repeating it with the same identifier changes nothing.</summary>
[GenerateSerializer, Immutable, Alias("RegisterProvider")]
public sealed record RegisterProvider([property: Id(0)] Asker Asker, [property: Id(1)] ProviderDraft Draft);

/// <summary>An organisation takes a practitioner in, into itself or a care team of its own, or lets one go. Effective at the next decision.</summary>
/// <param name="Role">The role the practitioner has there, a code of the organisation's or of HL7's PractitionerRole; null: none.</param>
[GenerateSerializer, Immutable, Alias("ChangeMembership")]
public sealed record ChangeMembership(
    [property: Id(0)] Asker Asker, [property: Id(1)] ProviderId Practitioner, [property: Id(2)] bool Member,
    [property: Id(3)] string? Role = null);

/// <summary>A patient who shares something with a provider: an index that a provider's app lists; never an authority.</summary>
[GenerateSerializer, Immutable, Alias("SharingPatient")]
public sealed record SharingPatient([property: Id(0)] PatientId Patient, [property: Id(1)] DateTimeOffset Since);
