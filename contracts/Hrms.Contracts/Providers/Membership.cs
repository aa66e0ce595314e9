namespace Hrms.Contracts;

/// <summary>A practitioner belongs to an organisation or a care team at this moment, there perhaps with a role.</summary>
/// <param name="Role">The role's code, as the organisation gave it; null: a member without one.</param>
[GenerateSerializer, Immutable, Alias("Membership")]
public sealed record Membership([property: Id(0)] ProviderId Group, [property: Id(1)] string? Role = null);
