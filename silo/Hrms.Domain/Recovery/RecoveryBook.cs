using System.Collections.Immutable;
using Hrms.Contracts;

namespace Hrms.Domain.Recovery;

/// <summary>Somebody whom the person trusts to say that it is them; not a child's guardian, who acts for a patient (<see cref="Consents.Delegation"/>).</summary>
/// <param name="Invitation">By which the person's list and the mail name it.</param>
/// <param name="Name">As the person calls them.</param>
/// <param name="Person">Null: was asked, and has not accepted.</param>
public sealed record Guardian(Guid Invitation, string Name, DateTimeOffset InvitedAt, PatientId? Person, DateTimeOffset? AcceptedAt)
{
    public GuardianView View() => new(Invitation, Name, InvitedAt, Person, AcceptedAt);
}

/// <summary>A guardian said yes to a code (<see cref="RecoveryCode"/>).</summary>
public sealed record Approval(Guid Invitation, byte[] Code, DateTimeOffset At);

/// <summary>The person was told of a code.</summary>
public sealed record Announced(byte[] Code, DateTimeOffset At);

/// <summary>Somebody got the account back.</summary>
/// <param name="Proof">A hash of what it was proved by: so that the same proof can be repeated until the credentials were changed.</param>
public sealed record Recovered(Guid Id, SignInWay Way, byte[] Proof, DateTimeOffset At);

/// <summary>How an account is got back: what opens it (of which only hashes are here), who may say yes, and who did.</summary>
/// <param name="SeedHash">Null: there is no seed.</param>
/// <param name="Approvals">Of the time that one is good, oldest first; also those that do not count any more, to bound how many one guardian makes.</param>
/// <param name="StoppedAt">Approvals of until then do not count.</param>
/// <param name="Last">The newest recovery: the only one whose credentials sign in.</param>
public sealed record RecoveryBook(
    byte[]? SeedHash, DateTimeOffset? SeedMadeAt, ImmutableList<Guardian> Guardians, ImmutableList<Approval> Approvals, Announced? Announced, DateTimeOffset? StoppedAt, Recovered? Last)
{
    public static readonly RecoveryBook Empty = new(null, null, [], [], null, null, null);

    public Guardian? Find(Guid invitation) => Guardians.Find(guardian => guardian.Invitation == invitation);

    public Guardian? Of(PatientId person) => Guardians.Find(guardian => guardian.Person == person);

    /// <summary>
    /// What counts for a code, oldest first: of each guardian of now the newest approval alone, unless the person has stopped it or it is too old. So nobody approves for two at a time.
    /// </summary>
    public IReadOnlyList<Approval> For(byte[] code, DateTimeOffset now) =>
    [
        .. Guardians.Select(guardian => Approvals.FindLast(approval => approval.Invitation == guardian.Invitation)).OfType<Approval>()
            .Where(approval => approval.Code.AsSpan().SequenceEqual(code) && !(approval.At <= StoppedAt) && now - approval.At < Limits.ApprovalGoodFor)
            .OrderBy(approval => approval.At),
    ];

    public RecoveryStanding StandingOf(byte[] code, DateTimeOffset now)
    {
        var counting = For(code, now);
        DateTimeOffset? approvedAt = counting.Count >= Limits.GuardiansNeeded ? counting[Limits.GuardiansNeeded - 1].At : null;
        // Told of an approval that does not count any more is not told of this one.
        var announced = approvedAt is { } at && Announced is { } told && told.Code.AsSpan().SequenceEqual(code) && told.At >= at;
        return new RecoveryStanding(counting.Count, approvedAt, announced, announced ? Announced!.At + Limits.RecoveryWait : null);
    }

    /// <summary>The codes that some guardian approves now.</summary>
    public IReadOnlyList<byte[]> CodesUnderWay(DateTimeOffset now) =>
        [.. Approvals.Select(approval => approval.Code).DistinctBy(Convert.ToHexString).Where(code => For(code, now).Count > 0)];

    public RecoveryView View(DateTimeOffset now) =>
        new(SeedMadeAt, [.. Guardians.Select(guardian => guardian.View())], [.. CodesUnderWay(now).Select(code => StandingOf(code, now))]);

    internal RecoveryBook With(Approval approval) =>
        this with { Approvals = [.. Approvals.Where(one => approval.At - one.At < Limits.ApprovalGoodFor), approval] };

    /// <summary>Nothing that led into the account before does any more; guardians stay.</summary>
    internal RecoveryBook After(Recovered recovered) =>
        this with { SeedHash = null, SeedMadeAt = null, Approvals = [], Announced = null, Last = recovered };
}
