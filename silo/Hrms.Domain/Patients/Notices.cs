using Hrms.Contracts;

namespace Hrms.Domain.Patients;

/// <summary>What a patient is told without asking: read off the state and the clock, so that what the clock alone brings about needs no job.</summary>
public static class Notices
{
    /// <summary>What has happened so far, newest first.</summary>
    /// <param name="within">In what time the review of broken glass is to be closed.</param>
    public static IReadOnlyList<PatientNotice> Of(PatientState state, DateTimeOffset now, TimeSpan within) =>
        [.. ByEvents(state).Concat(ByClock(state, within).Where(notice => notice.At <= now)).OrderByDescending(notice => notice.At)];

    /// <summary>What somebody did.</summary>
    public static IEnumerable<PatientNotice> ByEvents(PatientState state)
    {
        foreach (var delegation in state.Consents.Delegations)
        {
            yield return new PatientNotice(NoticeKind.DelegateAppointed, delegation.From, delegation.Id.Value, delegation.By, delegation.Until);
            if (delegation.EndedAt is { } ended && !(delegation.Until <= ended))
                yield return new PatientNotice(NoticeKind.DelegationEnded, ended, delegation.Id.Value, delegation.EndedBy);
        }
        foreach (var glass in state.Consents.BrokenGlasses)
            yield return new PatientNotice(NoticeKind.GlassBroken, glass.At, glass.Id.Value, glass.By, glass.Until);
        foreach (var review in state.GlassReviews.Values)
        {
            yield return new PatientNotice(NoticeKind.GlassFindingRecorded, review.FoundAt, review.Glass.Value, review.FoundBy);
            if (review.ClosedAt is { } closed)
                yield return new PatientNotice(NoticeKind.GlassReviewClosed, closed, review.Glass.Value, review.ClosedBy);
        }
        foreach (var notice in OfRecovery(state))
            yield return notice;
    }

    /// <summary>Whether it is about how the patient gets into the account, and so for the patient in person alone.</summary>
    public static bool IsPersonal(NoticeKind kind) =>
        kind is NoticeKind.RecoveryApproved or NoticeKind.RecoveryAnnounced or NoticeKind.RecoveryStopped or NoticeKind.AccountRecovered;

    private static IEnumerable<PatientNotice> OfRecovery(PatientState state)
    {
        var book = state.Recovery;
        foreach (var approval in book.Approvals)
            yield return new PatientNotice(
                NoticeKind.RecoveryApproved, approval.At, approval.Invitation, book.Find(approval.Invitation)?.Person is { } guardian ? Actor.Patient(guardian) : null);
        if (book.Announced is { } announced)
            yield return new PatientNotice(NoticeKind.RecoveryAnnounced, announced.At, state.Id.Value, null, announced.At + Limits.RecoveryWait);
        if (book.StoppedAt is { } stopped)
            yield return new PatientNotice(NoticeKind.RecoveryStopped, stopped, state.Id.Value, Actor.Patient(state.Id));
        if (book.Last is { } last)
            yield return new PatientNotice(NoticeKind.AccountRecovered, last.At, state.Id.Value, Actor.Patient(state.Id));
    }

    /// <summary>What the clock brings about by itself, past and to come.</summary>
    public static IEnumerable<PatientNotice> ByClock(PatientState state, TimeSpan within)
    {
        foreach (var delegation in state.Consents.Delegations)
        {
            if (delegation.Until is { } until && !(delegation.EndedAt < until))
                yield return new PatientNotice(NoticeKind.DelegationEnded, until, delegation.Id.Value, null);
        }
        foreach (var glass in state.Consents.BrokenGlasses)
        {
            var closed = state.GlassReviews.GetValueOrDefault(glass.Id.Value)?.ClosedAt;
            if (closed is null || closed >= glass.At + within)
                yield return new PatientNotice(NoticeKind.GlassReviewOverdue, glass.At + within, glass.Id.Value, null);
        }
        foreach (var suspension in state.Suspensions)
            yield return new PatientNotice(NoticeKind.DisclosuresTold, suspension.Until, suspension.Id.Value, null);
    }
}
