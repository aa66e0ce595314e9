using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>What reviewers have said of one breaking of the glass. Of one that nobody has looked at there is none.</summary>
public sealed record GlassReview(
    BreakGlassId Glass, GlassFinding Finding, string Note, Actor FoundBy, DateTimeOffset FoundAt, CommandId Command, Actor? ClosedBy = null,
    DateTimeOffset? ClosedAt = null)
{
    /// <summary>A breaking and its review, or that there is none yet, as they are at a moment.</summary>
    /// <param name="within">In what time a review is to be closed.</param>
    public static BrokenGlassView View(BrokenGlass glass, GlassReview? review, PatientId patient, DateTimeOffset now, TimeSpan within) => new(
        glass.Id, patient, glass.By, glass.Reason, glass.Scope, glass.At, glass.Until, glass.Organizations ?? [],
        new GlassReviewView(
            review is null ? GlassReviewStatus.Open : review.ClosedAt is null ? GlassReviewStatus.Found : GlassReviewStatus.Closed,
            IsOverdue(glass, review, now, within), glass.At + within, review?.Finding, review?.Note, review?.FoundBy, review?.FoundAt, review?.ClosedBy, review?.ClosedAt),
        glass.StreamVersion);

    /// <summary>Whether it should have been closed by now: by the clock alone.</summary>
    public static bool IsOverdue(BrokenGlass glass, GlassReview? review, DateTimeOffset now, TimeSpan within) => review?.ClosedAt is null && now >= glass.At + within;
}
