namespace Hrms.Contracts;

/// <summary>The patient in person appoints somebody to act for them. Sent by the GraphQL edge.</summary>
/// <param name="Delegate">The person, by their own patient id.</param>
/// <param name="Until">When it ends by itself; a guardian's always does.</param>
[GenerateSerializer, Immutable, Alias("AppointDelegate")]
public sealed record AppointDelegate(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] PatientId Delegate, [property: Id(3)] DelegateRole Role,
    [property: Id(4)] DelegateLevel Level, [property: Id(5)] DateTimeOffset? Until);

/// <summary>Ends a delegation: the patient in person, the delegate who resigns, or, of a guardian, an operator. Sent by the GraphQL edge.</summary>
[GenerateSerializer, Immutable, Alias("EndDelegation")]
public sealed record EndDelegation([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] DelegationId Delegation);

/// <summary>The guardian that a patient is registered with, who acts fully for them.</summary>
/// <param name="Until">The ward's coming of age.</param>
[GenerateSerializer, Immutable, Alias("GuardianDraft")]
public sealed record GuardianDraft([property: Id(0)] PatientId Delegate, [property: Id(1)] DateTimeOffset Until);

/// <summary>Where a delegation is at the moment it is looked at.</summary>
[GenerateSerializer]
public enum DelegationStatus
{
    Active = 1,
    /// <summary>Its time has come: the ward is of age, or the date has passed.</summary>
    Expired = 2,
    /// <summary>Somebody ended it before its time.</summary>
    Ended = 3,
}

/// <summary>A delegation as the patient sees it, and the delegate who resigns.</summary>
/// <param name="By">Who appointed: the patient, or at the registration an operator; null when it is not known.</param>
/// <param name="StreamVersion">The event that appointed or ended: what a proof is asked for.</param>
[GenerateSerializer, Immutable, Alias("DelegationView")]
public sealed record DelegationView(
    [property: Id(0)] DelegationId Id,
    [property: Id(1)] PatientId Delegate,
    [property: Id(2)] DelegateRole Role,
    [property: Id(3)] DelegateLevel Level,
    [property: Id(4)] DelegationStatus Status,
    [property: Id(5)] DateTimeOffset From,
    [property: Id(6)] DateTimeOffset? Until,
    [property: Id(7)] DateTimeOffset? EndedAt,
    [property: Id(8)] Actor? By,
    [property: Id(9)] Actor? EndedBy,
    [property: Id(10)] long StreamVersion);
