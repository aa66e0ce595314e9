using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>
/// The question a policy answers: may this party do this, for this purpose, now. What depends on others or on what was done before is an argument, found
/// out by the grain.
/// </summary>
/// <param name="Memberships">The organisations and care teams the asker belongs to at this moment, as they say themselves.</param>
/// <param name="OnBehalf">Whether the asker says to act for the patient, as a delegate.</param>
/// <param name="UsedUp">The consents that have been used as often as they allow.</param>
/// <param name="PurgeOverdue">Whether the asker still holds data that was to be purged.</param>
/// <param name="LedgerAhead">Whether the ledger holds more than the rows that the policy was made of.</param>
/// <param name="Reach">How far the asker's token lets an app reach; null: as far as the asker.</param>
public sealed record AccessRequest(
    Actor Actor, IReadOnlyCollection<Membership> Memberships, PurposeOfUse Purpose, AccessAction Action, DateTimeOffset Now, string? ClientId = null,
    bool OnBehalf = false, IReadOnlySet<ConsentId>? UsedUp = null, bool PurgeOverdue = false,
    bool LedgerAhead = false, AppReach? Reach = null)
{
    /// <summary>What <see cref="DefaultPolicy"/> can permit anything to.</summary>
    public bool IsProvider => Actor.Kind is ActorKind.Practitioner or ActorKind.Organization;
}
