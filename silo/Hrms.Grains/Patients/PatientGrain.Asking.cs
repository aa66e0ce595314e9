using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;

namespace Hrms.Grains.Patients;

/// <summary>The way of every question: judge, write the access line, and only then let data leave.</summary>
public sealed partial class PatientGrain
{
    // A policy that changes while a question is answered makes it begin again; when it changes faster than this, nothing leaves.
    private const int RoundsMax = 20;

    /// <param name="patientSignedInWithin">How long ago who acts as the patient may have signed in; null: it does not matter.</param>
    private async Task<Outcome<T>> AskAsync<T>(
        Asker asker, AccessAction action, string operation, Func<Judge, Answer<T>> answer, Func<Outcome<T>>? nothing = null, ScopeInteractions? needed = null,
        TimeSpan? patientSignedInWithin = null)
    {
        Answer<T>? noted = null;
        for (var round = 0; round < RoundsMax; round++)
        {
            var standing = await StandingOfAsync(asker);
            if (standing.IsEnded)
                return await RefuseEndedAsync(asker, action, operation);
            // Who never registered, who was erased (even while this question was under way) and who does not share look the same to a stranger.
            if (IsErased || State.RegisteredAt is null)
            {
                await PaceAsync(asker, action, operation);
                if (IsErased && IsSelf(asker))
                    return Erased;
                var absent = Nothing(nothing);
                return IsSelf(asker) && absent.Refusal is { } refusal ? await ConfirmedAsync(refusal) : absent;
            }
            await KnowUsesAsync();
            var policyVersion = State.PolicyVersion;
            var judge = JudgeFor(asker, action, standing.Memberships, needed);
            if (patientSignedInWithin is { } within && judge.ActsAsPatient && FreshSignIn.RefusalFor(asker, Now, within) is { } tooOld)
                return tooOld;
            var found = answer(judge);
            if (!found.SaysTheSameAs(noted))
            {
                await NoteAsync(new AccessHappened(Now, asker, action, operation, found.Decision, found.Records, policyVersion));
                await NoteDisclosureAsync(asker, found.Records.Select(record => record.Decision).Append(found.Decision));
                GrainsTelemetry.Decisions.Add(1, new KeyValuePair<string, object?>("permitted", found.Decision.Permitted));
                noted = found;
            }
            var made = found.Make is null ? Nothing(nothing) : await found.Make();
            // A revocation that was acknowledged while we wrote the line or opened the content holds for this answer, too. What patients see of themselves never depends on it.
            if (IsInPerson(asker) && State.Tokens.Ended(asker.Token))
                continue;
            if (State.PolicyVersion == policyVersion || IsSelf(asker))
                return made;
        }
        return new Refusal(RefusalCode.Busy, "The answer kept changing while it was made. Ask again in a moment.");
    }

    /// <param name="needed">What the asker's token has to allow, where the action does not say it.</param>
    /// <param name="uses">Whether consents that were used as often as they allow deny; not for what was counted already.</param>
    private Judge JudgeFor(Asker asker, AccessAction action, IReadOnlyCollection<Membership> memberships, ScopeInteractions? needed = null, bool uses = true)
    {
        if (IsSelf(asker))
            return new Judge(null, new Decision(true, DecisionReason.Self));
        var reach = needed is { } interactions ? asker.Scope?.Of(Id, interactions) : asker.Scope?.Of(Id, action);
        if (IsInPerson(asker))
            return new Judge(null, null, reach);
        var ask = new AccessRequest(asker.Actor, memberships, asker.Purpose, action, Now, asker.ClientId, asker.ActsFor(Id), uses ? UsedUp() : null,
            State.Holdings.IsOverdue(State.Consents, asker.Actor, Now), IsClosed, reach);
        var acting = IsClosed || asker.Scope is not null ? null : State.Consents.Delegations.Find(delegation => delegation.ActsAt(ask));
        return new Judge(
            State.Consents.Policy.For(ask), acting is null ? null : new Decision(true, DecisionReason.Delegated, new ConsentId(acting.Id.Value), 1));
    }

    /// <summary>Whether what the patient decided last may be missing from the rows.</summary>
    private bool IsClosed => Services.ClosedLanes.Has(Stream);

    /// <summary>While the record is closed nobody but the patient changes anything, in the words of a record that does not exist.</summary>
    private async Task<Refusal?> RefuseClosedAsync(Asker asker, string operation)
    {
        if (!IsClosed || IsInPerson(asker) || State.RegisteredAt is null)
            return null;
        await AppendLineAsync(new AccessHappened(Now, asker, AccessAction.Store, operation, new Decision(false, DecisionReason.LedgerAhead), [], State.PolicyVersion));
        return NoSuchPatient;
    }

    /// <summary>Whether the patient asks, and nothing is withheld: not through an app that reaches less far.</summary>
    private bool IsSelf(Asker asker) => IsInPerson(asker) && asker.Scope is null;

    private bool IsInPerson(Asker asker) => asker.Actor.Kind == ActorKind.Patient && asker.Actor.Id == Id.Value && asker.OnBehalfOf is null;

    private static Outcome<T> Nothing<T>(Func<Outcome<T>>? nothing) => nothing is null ? Refusal.NotFound() : nothing();

    private Task PaceAsync(Asker asker, AccessAction action, string operation) =>
        PaceAsync(new AccessHappened(Now, asker, action, operation, NoSuchRecord, [], State.PolicyVersion));

    /// <summary>A stranger's command is an access attempt; the patient's own mistakes are not.</summary>
    private async Task<Refusal> NotedAsync(Asker asker, string operation, Refusal refusal)
    {
        if (IsSelf(asker) || refusal.Code != RefusalCode.NotFound)
            return await ConfirmedAsync(refusal);
        if (State.RegisteredAt is null)
            await PaceAsync(asker, AccessAction.Store, operation);
        else
            await AppendLineAsync(new AccessHappened(
                Now, asker, AccessAction.Store, operation, new Decision(false, DecisionReason.RoleNotAllowed), [], State.PolicyVersion));
        return refusal;
    }
}
