namespace Hrms.Contracts;

/// <summary>Somebody for whom a person acts, as that person's own list has it: a place to begin from. What they may do is decided by the ward's grain, each time.</summary>
/// <param name="Until">When it ends by itself.</param>
[GenerateSerializer, Immutable, Alias("Ward")]
public sealed record Ward(
    [property: Id(0)] PatientId Patient, [property: Id(1)] DelegationId Delegation, [property: Id(2)] DelegateRole Role, [property: Id(3)] DelegateLevel Level,
    [property: Id(4)] DateTimeOffset From, [property: Id(5)] DateTimeOffset? Until);
