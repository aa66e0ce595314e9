namespace Hrms.Grains.Patients;

/// <summary>How long organisations have for the review of broken glass. The same on every silo of a cluster.</summary>
public sealed class GlassReviewOptions
{
    /// <summary>The time from the breaking until a review that is not closed shows to operators. Default 72 hours.</summary>
    public TimeSpan EscalateAfter { get; init; } = TimeSpan.FromHours(72);
}
