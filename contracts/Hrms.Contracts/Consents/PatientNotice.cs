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
}

/// <summary>One thing that the patient is told.</summary>
/// <param name="About">The delegation's or broken glass's id.</param>
/// <param name="By">Whose doing it is; null: the clock's.</param>
/// <param name="Until">Of what begins: when it ends.</param>
[GenerateSerializer, Immutable, Alias("PatientNotice")]
public sealed record PatientNotice(
    [property: Id(0)] NoticeKind Kind, [property: Id(1)] DateTimeOffset At, [property: Id(2)] Guid About, [property: Id(3)] Actor? By,
    [property: Id(4)] DateTimeOffset? Until = null);
