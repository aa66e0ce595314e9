using Hrms.Contracts;

namespace Hrms.Domain.Providers;

/// <summary>Who may register a provider and change an organisation's members.</summary>
public static class ProviderRules
{
    public static Decided<ProviderEvent> Register(ProviderState state, RegisterProvider command, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(command.Draft.Name) || command.Draft.Name.Length > 200)
            return new Refusal(RefusalCode.Invalid, "A provider has a name of 1 to 200 characters.", "name");
        if (command.Draft.Address is { } address && (string.IsNullOrWhiteSpace(address) || address.Length > Limits.AddressLengthMax))
            return new Refusal(RefusalCode.Invalid, $"An address has 1 to {Limits.AddressLengthMax} characters.", "address");
        if (command.Draft.Kind == ProviderKind.CareTeam && command.Asker.Actor.Kind is not (ActorKind.Organization or ActorKind.Operator))
            return new Refusal(RefusalCode.Forbidden, "A care team is registered by its organisation or an operator.", "kind");
        // An operator's word stands over what an import happened to say; otherwise the first registration stands.
        var operatorCorrects = command.Asker.Actor.Kind == ActorKind.Operator && state.RegisteredBy?.Kind is not (ActorKind.Operator or ActorKind.Organization);
        return state.Profile is null || operatorCorrects
            ? new ProviderRegistered(now, command.Draft, command.Asker.Actor)
            : Decided<ProviderEvent>.AlreadyDone;
    }

    /// <summary>What stays of an erased patient is what must be purged.</summary>
    public static IReadOnlyList<ProviderEvent> Forget(ProviderState state, PatientId patient, IReadOnlyList<PurgeDuty> duties, DateTimeOffset now) =>
    [
        .. state.Sharing.ContainsKey(patient.Value) ? [new PatientUnshared(now, patient)] : Array.Empty<ProviderEvent>(),
        .. state.Reviews.Values.Where(entry => entry.Patient == patient).Select(entry => new GlassReviewUnqueued(now, entry.Glass)),
        .. duties.Where(duty => !state.Duties.Contains(duty)).Select(duty => new PurgeDutyArose(now, duty)),
    ];

    public static Decided<ProviderEvent> ChangeMembership(ProviderState state, ChangeMembership command, DateTimeOffset now)
    {
        if (!MayChangeMembers(state, command.Asker.Actor))
            return Refusal.NotFound("No such organisation.");
        if (command.Role is { } role && (string.IsNullOrWhiteSpace(role) || role.Length > Limits.CodeLengthMax))
            return new Refusal(RefusalCode.Invalid, $"A role is a code of 1 to {Limits.CodeLengthMax} characters.", "role");
        var asTold = command.Member
            ? state.Members.TryGetValue(command.Practitioner.Value, out var has) && has == command.Role
            : !state.Members.ContainsKey(command.Practitioner.Value);
        if (asTold)
            return Decided<ProviderEvent>.AlreadyDone;
        return command.Member ? new MemberAdded(now, command.Practitioner, command.Role, command.Asker.Actor) : new MemberRemoved(now, command.Practitioner, command.Asker.Actor);
    }

    /// <summary>What patients' words of sharing change in the index; what it has already is no event.</summary>
    public static IReadOnlyList<ProviderEvent> Index(ProviderState state, IReadOnlyDictionary<PatientId, (bool Shares, DateTimeOffset Since, DateTimeOffset? Until)> told) =>
    [
        .. from word in told
           let isKnown = state.Sharing.TryGetValue(word.Key.Value, out var known) && (!word.Value.Shares || known.Until == word.Value.Until)
           where isKnown != word.Value.Shares
           select word.Value.Shares ? (ProviderEvent)new PatientShared(word.Value.Since, word.Key, word.Value.Until) : new PatientUnshared(word.Value.Since, word.Key),
    ];

    /// <summary>What the asker may review of this queue, oldest first: an organisation's, as its privacy officer; the operators', what nobody answers for and what is overdue.</summary>
    /// <param name="after">Only what comes later in this order; null: all.</param>
    /// <param name="within">In what time a review is to be closed.</param>
    public static IEnumerable<GlassEntry> Reviews(ProviderState state, ProviderId id, Asker asker, GlassEntry? after, DateTimeOffset now, TimeSpan within)
    {
        var mine = id == GlassReviewers.Operators
            ? state.Reviews.Values.Where(entry => asker.Actor.Kind == ActorKind.Operator && (entry.Unowned || now >= entry.At + within))
            : state.Reviews.Values.Where(_ => asker.Actor.Kind == ActorKind.Practitioner && state.Members.GetValueOrDefault(asker.Actor.Id) == Limits.PrivacyOfficerRole);
        return mine.Where(entry => after is null || Order(after).CompareTo(Order(entry)) < 0).OrderBy(Order);

        static (DateTimeOffset, Guid) Order(GlassEntry entry) => (entry.At, entry.Glass.Value);
    }

    /// <summary>
    /// An organisation has its members in its own hand, and those of the care teams that it registered. Once it is admitted, in its own hand alone: whoever becomes a member is given what
    /// patients gave the organisation.
    /// </summary>
    private static bool MayChangeMembers(ProviderState state, Actor asker) => state.Profile is { } profile && asker.Kind switch
    {
        ActorKind.Operator => profile.Kind == ProviderKind.CareTeam || (profile.Kind == ProviderKind.Organization && state.Accounts.Admission.Status != AdmissionStatus.Admitted),
        ActorKind.Administrator => InvitationRules.Runs(state, asker),
        ActorKind.Organization => profile.Kind == ProviderKind.Organization
            ? asker.Id == profile.Id.Value
            : profile.Kind == ProviderKind.CareTeam && state.RegisteredBy == asker,
        _ => false,
    };
}