namespace Hrms.Contracts;

/// <summary>Where reviewers find breakings of the glass: privacy officers (<see cref="Limits.PrivacyOfficerRole"/>) in their organisation's queue, operators here.</summary>
public static class GlassReviewers
{
    /// <summary>The queue that operators read: what no organisation answers for, and what was left unreviewed for too long.</summary>
    public static readonly ProviderId Operators = new(NameBasedId.Create("review-queue", "operators"));
}

/// <summary>What a reviewer found.</summary>
[GenerateSerializer]
public enum GlassFinding
{
    Justified = 1,
    Unjustified = 2,
}

/// <summary>The steps of a review. That it is overdue is not one: it is read off the clock.</summary>
[GenerateSerializer]
public enum GlassReviewStatus
{
    /// <summary>Nobody has recorded a finding.</summary>
    Open = 1,
    /// <summary>A finding waits for a second person.</summary>
    Found = 2,
    /// <summary>A second person has agreed.</summary>
    Closed = 3,
}

/// <summary>How far the review of one breaking of the glass is.</summary>
/// <param name="DueAt">When it escalates to operators unless it is closed.</param>
[GenerateSerializer, Immutable, Alias("GlassReviewView")]
public sealed record GlassReviewView(
    [property: Id(0)] GlassReviewStatus Status,
    [property: Id(1)] bool Escalated,
    [property: Id(2)] DateTimeOffset DueAt,
    [property: Id(3)] GlassFinding? Finding = null,
    [property: Id(4)] string? Note = null,
    [property: Id(5)] Actor? FoundBy = null,
    [property: Id(6)] DateTimeOffset? FoundAt = null,
    [property: Id(7)] Actor? ClosedBy = null,
    [property: Id(8)] DateTimeOffset? ClosedAt = null);

/// <summary>A reviewer says what they found. Sent by the GraphQL edge.</summary>
[GenerateSerializer, Immutable, Alias("RecordGlassFinding")]
public sealed record RecordGlassFinding(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] BreakGlassId Glass, [property: Id(3)] GlassFinding Finding,
    [property: Id(4)] string Note);

/// <summary>A second reviewer agrees with the finding. Sent by the GraphQL edge.</summary>
[GenerateSerializer, Immutable, Alias("CloseGlassReview")]
public sealed record CloseGlassReview([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] BreakGlassId Glass);

/// <summary>An entry of a review queue: where to ask. What it is about, and how far it is, only the patient's grain knows.</summary>
/// <param name="Unowned">Whether no organisation answers for it.</param>
[GenerateSerializer, Immutable, Alias("GlassEntry")]
public sealed record GlassEntry(
    [property: Id(0)] PatientId Patient, [property: Id(1)] BreakGlassId Glass, [property: Id(2)] DateTimeOffset At, [property: Id(3)] bool Unowned);
