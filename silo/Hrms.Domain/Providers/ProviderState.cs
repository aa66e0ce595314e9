using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hrms.Contracts;
using Hrms.Domain.Requests;

namespace Hrms.Domain.Providers;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ProviderRegistered), "provider-registered")]
[JsonDerivedType(typeof(MemberAdded), "member-added")]
[JsonDerivedType(typeof(MemberRemoved), "member-removed")]
[JsonDerivedType(typeof(OrganizationJoined), "organization-joined")]
[JsonDerivedType(typeof(OrganizationLeft), "organization-left")]
[JsonDerivedType(typeof(PatientShared), "patient-shared")]
[JsonDerivedType(typeof(PatientUnshared), "patient-unshared")]
[JsonDerivedType(typeof(GlassReviewQueued), "glass-review-queued")]
[JsonDerivedType(typeof(GlassReviewUnqueued), "glass-review-unqueued")]
[JsonDerivedType(typeof(PurgeDutyArose), "purge-duty-arose")]
[JsonDerivedType(typeof(PurgeDutyEnded), "purge-duty-ended")]
[JsonDerivedType(typeof(ConsentAsked), "consent-asked")]
[JsonDerivedType(typeof(ConsentRequestWithdrawn), "consent-request-withdrawn")]
[JsonDerivedType(typeof(AdmissionProposed), "admission-proposed")]
[JsonDerivedType(typeof(OrganizationAdmitted), "organization-admitted")]
[JsonDerivedType(typeof(OrganizationExcluded), "organization-excluded")]
[JsonDerivedType(typeof(AccountInvited), "account-invited")]
[JsonDerivedType(typeof(InvitationWithdrawn), "invitation-withdrawn")]
[JsonDerivedType(typeof(InvitationAccepted), "invitation-accepted")]
[JsonDerivedType(typeof(StaffEnded), "staff-ended")]
[JsonDerivedType(typeof(ProviderTokensEnded), "provider-tokens-ended")]
[JsonDerivedType(typeof(AuditorLooked), "auditor-looked")]
[JsonDerivedType(typeof(InstallationActed), "installation-acted")]
public abstract record ProviderEvent(DateTimeOffset At);

public sealed record ProviderRegistered(DateTimeOffset At, ProviderDraft Draft, Actor By) : ProviderEvent(At);

/// <param name="By">Null: written before it was kept.</param>
public sealed record MemberAdded(DateTimeOffset At, ProviderId Practitioner, string? Role = null, Actor? By = null) : ProviderEvent(At);

/// <inheritdoc cref="MemberAdded"/>
public sealed record MemberRemoved(DateTimeOffset At, ProviderId Practitioner, Actor? By = null) : ProviderEvent(At);

/// <summary>On a practitioner's side: the organisation or care team took it in, or gave it another role.</summary>
public sealed record OrganizationJoined(DateTimeOffset At, ProviderId Organization, string? Role = null) : ProviderEvent(At);

public sealed record OrganizationLeft(DateTimeOffset At, ProviderId Organization) : ProviderEvent(At);

/// <summary>An entry of the index of who shares with this provider.</summary>
/// <param name="Until">From when on nothing is shared any more; null: without an end, or written before it was kept.</param>
public sealed record PatientShared(DateTimeOffset At, PatientId Patient, DateTimeOffset? Until = null) : ProviderEvent(At);

public sealed record PatientUnshared(DateTimeOffset At, PatientId Patient) : ProviderEvent(At);

/// <summary>Broken glass waits for review here.</summary>
public sealed record GlassReviewQueued(DateTimeOffset At, GlassEntry Entry) : ProviderEvent(At);

public sealed record GlassReviewUnqueued(DateTimeOffset At, BreakGlassId Glass) : ProviderEvent(At);

/// <summary>Something received from a patient must be purged.</summary>
public sealed record PurgeDutyArose(DateTimeOffset At, PurgeDuty Duty) : ProviderEvent(At);

/// <summary>It was purged, or need not be.</summary>
public sealed record PurgeDutyEnded(DateTimeOffset At, PatientId Patient, ConsentId Consent) : ProviderEvent(At);

/// <summary>This provider asks a patient for a consent.</summary>
public sealed record ConsentAsked(DateTimeOffset At, ConsentRequest Request) : ProviderEvent(At);

public sealed record ConsentRequestWithdrawn(DateTimeOffset At, RequestId Request) : ProviderEvent(At);

/// <summary>How long a patient has shared something with this provider, and until when; null: without an end.</summary>
public readonly record struct Sharing(DateTimeOffset Since, DateTimeOffset? Until = null)
{
    public bool HoldsAt(DateTimeOffset instant) => Until is null || instant < Until;

    /// <summary>Another end of the same sharing; what had ended begins anew.</summary>
    public Sharing Next(PatientShared e) => HoldsAt(e.At) ? this with { Until = e.Until } : new Sharing(e.At, e.Until);
}

/// <summary>A practitioner, an organisation or a care team as the fold of what happened to it.</summary>
/// <param name="Members">Of an organisation or care team: its practitioners, each with a role or null.</param>
/// <param name="MemberOf">Of a practitioner: the groups it belongs to, in each with a role or null.</param>
public sealed record ProviderState(
    ProviderDraft? Profile, Actor? RegisteredBy, ImmutableSortedDictionary<Guid, string?> Members, ImmutableSortedDictionary<Guid, string?> MemberOf,
    ImmutableSortedDictionary<Guid, Sharing> Sharing)
{
    /// <summary>What this provider has asked patients for.</summary>
    public ImmutableDictionary<Guid, AskedRequest> Requests { get; init; } = ImmutableDictionary<Guid, AskedRequest>.Empty;

    /// <summary>What waits for review, by the broken glass's id.</summary>
    public ImmutableSortedDictionary<Guid, GlassEntry> Reviews { get; init; } = ImmutableSortedDictionary<Guid, GlassEntry>.Empty;

    public static readonly ProviderState Initial = new(
        null, null, ImmutableSortedDictionary<Guid, string?>.Empty, ImmutableSortedDictionary<Guid, string?>.Empty,
        ImmutableSortedDictionary<Guid, Sharing>.Empty);

    /// <summary>What must be purged and is not known to have been.</summary>
    public ImmutableList<PurgeDuty> Duties { get; init; } = [];

    /// <summary>Who comes in its name, and whose tokens are good.</summary>
    public OrganizationAccounts Accounts { get; init; } = OrganizationAccounts.None;

    public ProviderState After(ProviderEvent happened) => happened switch
    {
        ProviderRegistered e => this with { Profile = e.Draft, RegisteredBy = e.By },
        MemberAdded e => this with { Members = Members.SetItem(e.Practitioner.Value, e.Role) },
        MemberRemoved e => this with { Members = Members.Remove(e.Practitioner.Value) },
        OrganizationJoined e => this with { MemberOf = MemberOf.SetItem(e.Organization.Value, e.Role) },
        OrganizationLeft e => this with { MemberOf = MemberOf.Remove(e.Organization.Value) },
        PatientShared e => this with { Sharing = Sharing.SetItem(e.Patient.Value, Sharing.TryGetValue(e.Patient.Value, out var known) ? known.Next(e) : new Sharing(e.At, e.Until)) },
        PatientUnshared e => this with { Sharing = Sharing.Remove(e.Patient.Value) },
        PurgeDutyArose e => this with { Duties = Without(e.Duty.Patient, e.Duty.Consent).Add(e.Duty) },
        PurgeDutyEnded e => this with { Duties = Without(e.Patient, e.Consent) },
        ConsentAsked e => this with { Requests = WithRoom(e.At).SetItem(e.Request.Id.Value, new AskedRequest(e.Request)) },
        ConsentRequestWithdrawn e when Requests.TryGetValue(e.Request.Value, out var asked) => this with
        {
            Requests = Requests.SetItem(e.Request.Value, asked with { WithdrawnAt = e.At }),
        },
        GlassReviewQueued e => this with { Reviews = Reviews.SetItem(e.Entry.Glass.Value, e.Entry) },
        GlassReviewUnqueued e => this with { Reviews = Reviews.Remove(e.Glass.Value) },
        _ => this with { Accounts = Accounts.After(happened) },
    };

    /// <summary>The oldest of the requests that are over makes room for the next.</summary>
    private ImmutableDictionary<Guid, AskedRequest> WithRoom(DateTimeOffset at) =>
        Requests.Count >= Limits.OpenRequestsMax && Requests.Values.Where(request => !request.IsOpenAt(at)).MinBy(request => request.Request.At) is { } oldest
            ? Requests.Remove(oldest.Request.Id.Value)
            : Requests;

    private ImmutableList<PurgeDuty> Without(PatientId patient, ConsentId consent) =>
        Duties.RemoveAll(duty => duty.Patient == patient && duty.Consent == consent);

    public ProviderView View() => new(
        Profile!.Id, Profile.Kind, Profile.Name, Profile.IdentifierSystem, Profile.IdentifierValue, [.. Members.Keys.Select(id => new ProviderId(id))], Profile.Address);
}

/// <summary>The state written down between events.</summary>
public sealed record ProviderSnapshot(
    ProviderDraft? Profile, Actor? RegisteredBy, IReadOnlyList<Guid> Members, IReadOnlyList<Guid> MemberOf, IReadOnlyDictionary<Guid, DateTimeOffset> Sharing,
    IReadOnlyDictionary<Guid, string>? MemberRoles = null, IReadOnlyDictionary<Guid, string>? OwnRoles = null,
    IReadOnlyList<PurgeDuty>? Duties = null, IReadOnlyList<AskedRequest>? Requests = null)
{
    public IReadOnlyList<GlassEntry>? Reviews { get; init; }

    public OrganizationAccountsSnapshot? Accounts { get; init; }

    /// <summary>Ends of what is in <see cref="Sharing"/>, where there is one.</summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset>? SharingUntil { get; init; }

    public static ProviderSnapshot Of(ProviderState state) => new(
        state.Profile, state.RegisteredBy, [.. state.Members.Keys], [.. state.MemberOf.Keys], state.Sharing.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Since), Roles(state.Members), Roles(state.MemberOf),
        state.Duties, [.. state.Requests.Values.OrderBy(request => request.Request.Id.Value)])
    {
        Reviews = [.. state.Reviews.Values], Accounts = OrganizationAccountsSnapshot.Of(state.Accounts),
        SharingUntil = state.Sharing.Where(entry => entry.Value.Until is not null).ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Until!.Value) is { Count: > 0 } ends ? ends : null,
    };

    public ProviderState Restore() => new(
        Profile, RegisteredBy, With(Members, MemberRoles), With(MemberOf, OwnRoles),
        Sharing.ToImmutableSortedDictionary(entry => entry.Key, entry => new Sharing(entry.Value, SharingUntil?.TryGetValue(entry.Key, out var until) == true ? until : null)))
    {
        Duties = [.. Duties ?? []],
        Requests = (Requests ?? []).ToImmutableDictionary(request => request.Request.Id.Value),
        Reviews = (Reviews ?? []).ToImmutableSortedDictionary(entry => entry.Glass.Value, entry => entry),
        Accounts = Accounts?.Restore() ?? OrganizationAccounts.None,
    };

    private static Dictionary<Guid, string> Roles(IReadOnlyDictionary<Guid, string?> members) =>
        members.Where(member => member.Value is not null).ToDictionary(member => member.Key, member => member.Value!);

    private static ImmutableSortedDictionary<Guid, string?> With(IEnumerable<Guid> members, IReadOnlyDictionary<Guid, string>? roles) =>
        members.ToImmutableSortedDictionary(id => id, id => roles?.GetValueOrDefault(id));
}
