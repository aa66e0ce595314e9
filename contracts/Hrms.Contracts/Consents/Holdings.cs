namespace Hrms.Contracts;

/// <summary>How far a recipient is with giving back what it received. Read off the clock, never stored.</summary>
[GenerateSerializer]
public enum HoldingStatus
{
    /// <summary>May keep it for now.</summary>
    Held = 1,
    /// <summary>Must purge it, and has still time for it.</summary>
    PurgeDue = 2,
    /// <summary>Should have purged it: is sent no new data until it says that it has.</summary>
    Overdue = 3,
    /// <summary>Says that it has purged it.</summary>
    Purged = 4,
}

/// <summary>Somebody received data under a consent, as the patient sees it.</summary>
/// <param name="Since">When it first did, since it last purged.</param>
/// <param name="PurgeBy">Until when it must be purged: the consent's keep-until, or some time after its revocation; null: not yet.</param>
[GenerateSerializer, Immutable, Alias("HoldingView")]
public sealed record HoldingView(
    [property: Id(0)] ConsentId Consent, [property: Id(1)] Actor Holder, [property: Id(2)] DateTimeOffset Since, [property: Id(3)] DateTimeOffset? PurgeBy,
    [property: Id(4)] DateTimeOffset? PurgedAt, [property: Id(5)] HoldingStatus Status);

/// <summary>A recipient says that it has purged what it received under a consent.</summary>
[GenerateSerializer, Immutable, Alias("AcknowledgePurge")]
public sealed record AcknowledgePurge([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] ConsentId Consent);

/// <summary>What a provider must purge: told by the patient's grain, an index and never an authority.</summary>
/// <param name="Since">Since when it holds it; only where the patient was erased, so that nobody else could say.</param>
[GenerateSerializer, Immutable, Alias("PurgeDuty")]
public sealed record PurgeDuty([property: Id(0)] PatientId Patient, [property: Id(1)] ConsentId Consent, [property: Id(2)] DateTimeOffset PurgeBy,
    [property: Id(3)] DateTimeOffset? Since = null);
