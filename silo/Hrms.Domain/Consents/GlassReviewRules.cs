using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Consents;

/// <summary>
/// The review of broken glass: one person records the finding, a second one closes it, and neither is who broke it. Called by the patient's grain.
/// </summary>
public static class GlassReviewRules
{
    /// <summary>
    /// The breaking, when the asker may review it: a privacy officer of an organisation that answers for it; an operator where none does, or when the review is
    /// overdue. Null: for this asker there is no such thing.
    /// </summary>
    /// <param name="memberships">The asker's, at this moment.</param>
    /// <param name="within">In what time a review is to be closed.</param>
    public static BrokenGlass? ForReview(
        PatientState state, BreakGlassId id, Asker asker, IReadOnlyCollection<Membership> memberships, DateTimeOffset now, TimeSpan within)
    {
        if (BreakGlassRules.Find(state, id) is not { } glass)
            return null;
        var may = asker.Actor.Kind switch
        {
            ActorKind.Practitioner => memberships.Any(membership =>
                membership.Role == Limits.PrivacyOfficerRole && glass.Organizations?.Contains(membership.Group) == true),
            ActorKind.Operator => glass.Organizations is not { Count: > 0 } || now >= glass.At + within,
            _ => false,
        };
        return may && asker.OnBehalfOf is null ? glass : null;
    }

    public static Decided<PatientEvent> Record(PatientState state, RecordGlassFinding command, BrokenGlass? glass, DateTimeOffset now)
    {
        if (Refused(glass, command.Asker) is { } refused)
            return refused;
        if (state.GlassReviews.GetValueOrDefault(command.Glass.Value) is { } review)
        {
            return review.Command == command.Command && review.FoundBy == command.Asker.Actor && review.Finding == command.Finding && review.Note == command.Note
                ? Decided<PatientEvent>.AlreadyDone
                : new Refusal(RefusalCode.WrongState, "A finding is recorded already.", "glass");
        }
        if (!Enum.IsDefined(command.Finding))
            return new Refusal(RefusalCode.Invalid, "Breaking the glass was justified or not.", "finding");
        if (string.IsNullOrWhiteSpace(command.Note) || command.Note.Length > Limits.ReasonLengthMax)
            return new Refusal(RefusalCode.Invalid, $"Say what the finding rests on, in 1 to {Limits.ReasonLengthMax} characters.", "note");
        return new GlassFindingRecorded(now, command.Glass, command.Finding, command.Note, command.Asker.Actor, command.Command);
    }

    public static Decided<PatientEvent> Close(PatientState state, CloseGlassReview command, BrokenGlass? glass, DateTimeOffset now)
    {
        if (Refused(glass, command.Asker) is { } refused)
            return refused;
        if (state.GlassReviews.GetValueOrDefault(command.Glass.Value) is not { } review)
            return new Refusal(RefusalCode.WrongState, "Nobody has recorded a finding yet.", "glass");
        if (review.FoundBy == command.Asker.Actor)
            return new Refusal(RefusalCode.Forbidden, "A second person closes the review.");
        if (review.ClosedBy is { } closedBy)
            return closedBy == command.Asker.Actor ? Decided<PatientEvent>.AlreadyDone : new Refusal(RefusalCode.WrongState, "The review is closed.", "glass");
        return new GlassReviewClosed(now, command.Glass, command.Asker.Actor, command.Command);
    }

    private static Refusal? Refused(BrokenGlass? glass, Asker asker) =>
        glass is null ? Refusal.NotFound("No such review.")
        : glass.By == asker.Actor ? new Refusal(RefusalCode.Forbidden, "Who broke the glass does not review it.")
        : null;
}
