namespace Hrms.Contracts;

/// <summary>What a patient is told without asking.</summary>
[GenerateSerializer]
public enum NoticeKind
{
    /// <summary>Somebody may act for the patient from now on.</summary>
    DelegateAppointed = 1,
    /// <summary>Somebody no longer may: ended, or by the clock alone.</summary>
    DelegationEnded = 2,
    /// <summary>Somebody broke the glass.</summary>
    GlassBroken = 3,
    /// <summary>A reviewer recorded what they found.</summary>
    GlassFindingRecorded = 4,
    /// <summary>The review is closed.</summary>
    GlassReviewClosed = 5,
    /// <summary>The review was not closed in time; operators look at it now.</summary>
    GlassReviewOverdue = 6,
    /// <summary>A guardian of the account approved that somebody gets it back. This and the next three are for the patient in person alone.</summary>
    RecoveryApproved = 7,
    /// <summary>Two did: the account can be had back from when it says.</summary>
    RecoveryAnnounced = 8,
    RecoveryStopped = 9,
    /// <summary>Somebody got the account back.</summary>
    AccountRecovered = 10,
    /// <summary>Disclosures to an official body were not told for a time (45 CFR 164.528(a)(2)), which is over.</summary>
    DisclosuresTold = 11,
}

/// <summary>One thing that the patient is told.</summary>
/// <param name="About">The delegation's, broken glass's or guardian's invitation's id, or the suspension's; of what guardians brought about together: the patient's.</param>
/// <param name="By">Whose doing it is; null: the clock's.</param>
/// <param name="Until">Of what begins: when it ends; of an account that can be had back: from when on.</param>
[GenerateSerializer, Immutable, Alias("PatientNotice")]
public sealed record PatientNotice(
    [property: Id(0)] NoticeKind Kind, [property: Id(1)] DateTimeOffset At, [property: Id(2)] Guid About, [property: Id(3)] Actor? By,
    [property: Id(4)] DateTimeOffset? Until = null);
