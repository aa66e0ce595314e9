using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using Hrms.Domain.Providers;

namespace Hrms.Domain.Requests;

/// <summary>
/// Who may do which step of a request: its asker asks and withdraws, the patient approves and refuses, the clock lets it expire, and every final state stays.
/// Asking and withdrawing begin at the asker's grain, the rest is the patient's grain's.
/// </summary>
public static class RequestRules
{
    /// <summary>Decided by the asker's own grain, without a look at the patient: whether there is such a patient can't show.</summary>
    public static Decided<ProviderEvent> Ask(ProviderState state, ProviderId self, RequestConsent command, DateTimeOffset now)
    {
        if (!IsSelf(state, self, command.Asker))
            return new Refusal(RefusalCode.Forbidden, "Consents are requested by registered practitioners and organisations for themselves.");
        var id = RequestId.From(command.Command, command.Asker.Actor);
        if (state.Requests.TryGetValue(id.Value, out var existing))
        {
            return existing.Request.Patient == command.Patient && existing.Request.Message == command.Message && SameTerms.Equal(existing.Request.Terms, command.Terms)
                ? Decided<ProviderEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "This command id was used for another request. Use a new one.", "commandId");
        }
        var expires = command.ExpiresAt ?? now.AddDays(Limits.RequestDaysDefault);
        if (CheckRequest(state, command, expires, now) is { } wrong)
            return wrong;
        return new ConsentAsked(now, new ConsentRequest(id, command.Patient, command.Asker.Actor, command.Terms, command.Message, now, expires));
    }

    /// <param name="atPatient">What the patient's grain knows of it; null: nothing.</param>
    public static Decided<ProviderEvent> Withdraw(
        ProviderState state, ProviderId self, WithdrawRequest command, ConsentRequestStatus? atPatient, DateTimeOffset now)
    {
        if (!IsSelf(state, self, command.Asker) || !state.Requests.TryGetValue(command.Request.Value, out var request))
            return Refusal.NotFound("No such request.");
        if (request.WithdrawnAt is not null)
            return Decided<ProviderEvent>.AlreadyDone;
        return atPatient switch
        {
            null when request.Request.IsOpenAt(now) => new ConsentRequestWithdrawn(now, command.Request),
            ConsentRequestStatus.Requested or ConsentRequestStatus.Withdrawn => new ConsentRequestWithdrawn(now, command.Request),
            _ => Closed(atPatient ?? ConsentRequestStatus.Expired),
        };
    }

    /// <summary>What the patient's grain makes of a request that it is told: nothing when it knows it, has no room, or is nobody's.</summary>
    public static Decided<PatientEvent> Receive(PatientState state, ConsentRequest request, DateTimeOffset now) =>
        state.RegisteredAt is null || state.Requests.Find(request.Id) is not null || !request.IsOpenAt(now) || !state.Requests.HasRoomAt(now)
            ? Decided<PatientEvent>.AlreadyDone
            : new ConsentRequested(now, request);

    /// <summary>The patient's side of a withdrawal by the request's own asker.</summary>
    public static Decided<PatientEvent> Withdraw(PatientState state, RequestId id, Actor by, DateTimeOffset now)
    {
        if (state.Requests.Find(id) is not { } request || request.Request.By != by)
            return Refusal.NotFound("No such request.");
        return request.StatusAt(now) switch
        {
            ConsentRequestStatus.Requested => new RequestWithdrawn(now, id),
            ConsentRequestStatus.Withdrawn => Decided<PatientEvent>.AlreadyDone,
            var status => Closed(status),
        };
    }

    /// <summary>A yes is two events at once: the request is closed and the consent is given.</summary>
    public static Decided<PatientEvent> Approve(PatientState state, ApproveRequest command, DateTimeOffset now, byte[] secret)
    {
        if (!ConsentRules.MayAct(state, command.Asker, now))
            return Refusal.NotFound("No such patient.");
        if (state.Requests.Find(command.Request) is not { } request)
            return Refusal.NotFound("No such request.");
        var terms = command.Narrowed ?? request.Request.Terms;
        if (request.Consent is not null && request.Consent == ConsentId.From(command.Command))
        {
            return SameTerms.Equal(state.Consents.Find(ConsentId.From(command.Command))!.History[0].Terms, terms)
                ? Decided<PatientEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "This command id was used for other terms. Use a new one.", "commandId");
        }
        if (request.StatusAt(now) is not ConsentRequestStatus.Requested and var status)
            return Closed(status);
        if (!TermsSubset.Holds(terms, request.Request.Terms))
            return new Refusal(RefusalCode.Invalid, "These terms are not provably a part of what was asked for. Narrow the request, or give a consent of your own.", "terms");
        var granted = ConsentRules.Grant(state, new GrantConsent(command.Command, command.Asker, terms, command.ImpactAcknowledged), now, secret);
        return granted.Events is [ConsentGranted grant]
            ? new Decided<PatientEvent>([new RequestApproved(now, command.Request, grant.Consent, command.Asker.Actor), grant], null)
            : granted.Refusal ?? new Refusal(RefusalCode.CommandReused, "This command id was used for another consent. Use a new one.", "commandId");
    }

    public static Decided<PatientEvent> Refuse(PatientState state, RefuseRequest command, DateTimeOffset now)
    {
        if (!ConsentRules.MayAct(state, command.Asker, now))
            return Refusal.NotFound("No such patient.");
        if (state.Requests.Find(command.Request) is not { } request)
            return Refusal.NotFound("No such request.");
        return request.StatusAt(now) switch
        {
            ConsentRequestStatus.Requested => new RequestRefused(now, command.Request, command.Asker.Actor),
            // Saying no twice is the same wish, under whichever command id.
            ConsentRequestStatus.Refused => Decided<PatientEvent>.AlreadyDone,
            var status => Closed(status),
        };
    }

    private static Refusal? CheckRequest(ProviderState state, RequestConsent command, DateTimeOffset expires, DateTimeOffset now)
    {
        if (ConsentTermsRules.Check(command.Terms, now) is { } wrong)
            return wrong;
        if (command.Terms.Rule.Type != ProvisionType.Permit)
            return new Refusal(RefusalCode.Invalid, "A request asks for a permission.", "terms.rule.type");
        if (!IsFor(state, command.Asker.Actor, command.Terms.Rule.Grantee))
            return new Refusal(RefusalCode.Invalid, "A request is for the asker, or for a group they belong to.", "terms.rule.grantee");
        if (string.IsNullOrWhiteSpace(command.Message) || command.Message.Length > Limits.MessageLengthMax)
            return new Refusal(RefusalCode.Invalid, $"The patient is told why, in 1 to {Limits.MessageLengthMax} characters.", "message");
        if (expires <= now || expires > now.AddDays(Limits.RequestDaysMax))
            return new Refusal(RefusalCode.Invalid, $"A request expires in the future, after {Limits.RequestDaysMax} days at most.", "expiresAt");
        return state.Requests.Values.Count(request => request.IsOpenAt(now)) >= Limits.OpenRequestsMax
            ? new Refusal(RefusalCode.LimitExceeded, $"At most {Limits.OpenRequestsMax} requests are open at a time. Withdraw some.")
            : null;
    }

    /// <summary>Whether the asker is this registered provider in person.</summary>
    public static bool IsSelf(ProviderState state, ProviderId self, Asker asker) =>
        state.Profile is not null && asker.OnBehalfOf is null && asker.Actor.Kind is ActorKind.Practitioner or ActorKind.Organization && asker.Actor.Id == self.Value;

    private static bool IsFor(ProviderState state, Actor asker, Actor grantee) => grantee.Kind switch
    {
        ActorKind.Practitioner => grantee == asker,
        ActorKind.Organization => grantee == asker || state.MemberOf.ContainsKey(grantee.Id),
        ActorKind.CareTeam => state.MemberOf.ContainsKey(grantee.Id),
        ActorKind.Role => state.MemberOf.TryGetValue(grantee.Id, out var role) && role is not null && role == grantee.Role,
        _ => false,
    };

    private static Refusal Closed(ConsentRequestStatus status) =>
        new(RefusalCode.WrongState, $"The request is {status.ToString().ToLowerInvariant()} and stays so.", "request");
}
