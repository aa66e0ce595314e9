using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hrms.Contracts;

namespace Hrms.Domain.Providers;

/// <summary>An organisation's way to its admission.</summary>
public sealed record Admission(AdmissionStatus Status, Actor? ProposedBy, Guid? Administrator)
{
    public static readonly Admission None = new(AdmissionStatus.None, null, null);
}

/// <summary>An invitation and what became of it.</summary>
/// <param name="Account">Whose it became; null: nobody's yet.</param>
public sealed record Invitation(
    InvitationId Id, InvitationKind Kind, Actor By, DateTimeOffset At, DateTimeOffset Until, ProviderDraft? Practitioner, string? Role, Guid? Account = null, bool IsWithdrawn = false)
{
    public InvitationStatus StatusAt(DateTimeOffset now) =>
        Account is not null ? InvitationStatus.Accepted : IsWithdrawn ? InvitationStatus.Withdrawn : now >= Until ? InvitationStatus.Expired : InvitationStatus.Open;

    public InvitationView ViewAt(DateTimeOffset now) => new(Id, Kind, By, At, Until, Practitioner?.Id, Role, StatusAt(now));
}

/// <summary>Who comes in a provider's name: part of its state, the fold of the events in <c>AccountEvents.cs</c>.</summary>
/// <param name="Staff">Who runs the organisation's accounts, or the installation, by account.</param>
public sealed record OrganizationAccounts(
    Admission Admission, TokenEpoch Tokens, ImmutableSortedDictionary<Guid, Invitation> Invitations, ImmutableSortedDictionary<Guid, StaffMember> Staff)
{
    /// <summary>The newest commands that are remembered of a kind, to tell a repeat from a new wish.</summary>
    public const int CommandsKept = 32;

    /// <summary>The newest invitations that are over and still shown.</summary>
    public const int OverKept = 200;

    public static readonly OrganizationAccounts None = new(
        Admission.None, TokenEpoch.First, ImmutableSortedDictionary<Guid, Invitation>.Empty, ImmutableSortedDictionary<Guid, StaffMember>.Empty);

    public ImmutableList<CommandId> TokensEndedBy { get; init; } = [];

    /// <summary>Of the installation: the newest acts that it was told of, by their commands.</summary>
    public ImmutableList<CommandId> Acts { get; init; } = [];

    /// <summary>An organisation that was excluded has no good token, whoever issues it when.</summary>
    [JsonIgnore]
    public TokenEpoch GoodTokens => Admission.Status == AdmissionStatus.Excluded ? new TokenEpoch(long.MaxValue, DateTimeOffset.MaxValue) : Tokens;

    public OrganizationAccounts After(ProviderEvent happened) => happened switch
    {
        AdmissionProposed e => this with
        {
            // What is excluded stays so until somebody else agrees.
            Admission = new(Admission.Status == AdmissionStatus.None ? AdmissionStatus.Proposed : Admission.Status, e.By, e.Administrator),
        },
        OrganizationAdmitted => this with { Admission = new(AdmissionStatus.Admitted, null, null) },
        OrganizationExcluded => this with
        {
            Admission = new(AdmissionStatus.Excluded, null, null), Staff = Staff.Clear(),
            Invitations = Invitations.SetItems(Invitations.Where(known => known.Value.Account is null).Select(known => KeyValuePair.Create(known.Key, known.Value with { IsWithdrawn = true }))),
        },
        AccountInvited e => this with { Invitations = WithRoom(e.At).SetItem(e.Invitation.Value, new(e.Invitation, e.Kind, e.By, e.At, e.Until, e.Practitioner, e.Role)) },
        InvitationWithdrawn e when Invitations.TryGetValue(e.Invitation.Value, out var known) => this with { Invitations = Invitations.SetItem(e.Invitation.Value, known with { IsWithdrawn = true }) },
        InvitationAccepted e => Accepted(e),
        StaffEnded e => this with { Staff = Staff.Remove(e.Account) },
        ProviderTokensEnded e => this with { Tokens = new(e.Epoch, e.At), TokensEndedBy = e.Command is { } command ? Newest(TokensEndedBy, command) : TokensEndedBy },
        InstallationActed e => this with { Acts = Newest(Acts, e.Command) },
        _ => throw new InvalidOperationException($"Event {happened.GetType().Name} of a provider can't be folded."),
    };

    public OrganizationAccountsView ViewAt(DateTimeOffset now) => new(
        Admission.Status, [.. Staff.Values], [.. Invitations.Values.OrderByDescending(invitation => invitation.At).ThenBy(invitation => invitation.Id.Value).Select(invitation => invitation.ViewAt(now))]);

    private static ImmutableList<CommandId> Newest(ImmutableList<CommandId> known, CommandId command) => [.. known.Skip(Math.Max(0, known.Count - CommandsKept + 1)), command];

    private OrganizationAccounts Accepted(InvitationAccepted happened)
    {
        // Of the installation's own nobody knows before they are accepted.
        var known = Invitations.GetValueOrDefault(happened.Invitation.Value)
            ?? new Invitation(happened.Invitation, happened.Kind, new Actor(ActorKind.Operator, Guid.Empty), happened.At, happened.At, null, null);
        return this with
        {
            Invitations = Invitations.SetItem(happened.Invitation.Value, known with { Account = happened.Account }),
            Staff = happened.Kind == InvitationKind.Practitioner ? Staff : Staff.SetItem(happened.Account, new StaffMember(happened.Account, happened.Kind, happened.At)),
        };
    }

    /// <summary>The oldest of those that are over make room.</summary>
    private ImmutableSortedDictionary<Guid, Invitation> WithRoom(DateTimeOffset at)
    {
        var over = Invitations.Values.Where(invitation => invitation.StatusAt(at) != InvitationStatus.Open).OrderByDescending(invitation => invitation.At).Skip(OverKept - 1);
        return Invitations.RemoveRange(over.Select(invitation => invitation.Id.Value));
    }
}

/// <summary>The accounts as they are written down between events.</summary>
public sealed record OrganizationAccountsSnapshot(
    Admission Admission, TokenEpoch Tokens, IReadOnlyList<Invitation> Invitations, IReadOnlyList<StaffMember> Staff, IReadOnlyList<CommandId> TokensEndedBy)
{
    public IReadOnlyList<CommandId>? Acts { get; init; }

    public static OrganizationAccountsSnapshot? Of(OrganizationAccounts accounts) =>
        accounts == OrganizationAccounts.None ? null : new(accounts.Admission, accounts.Tokens, [.. accounts.Invitations.Values], [.. accounts.Staff.Values], accounts.TokensEndedBy)
        {
            Acts = accounts.Acts.IsEmpty ? null : accounts.Acts,
        };

    public OrganizationAccounts Restore() => new(
        Admission, Tokens, Invitations.ToImmutableSortedDictionary(invitation => invitation.Id.Value, invitation => invitation),
        Staff.ToImmutableSortedDictionary(member => member.Account, member => member))
    {
        TokensEndedBy = [.. TokensEndedBy], Acts = [.. Acts ?? []],
    };
}
