using System.Collections.Immutable;
using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>
/// All that decides on one patient's data: an immutable value, replaced as a whole by each change. <see cref="Policy"/> is its compiled form, made once.
/// </summary>
/// <param name="OptedOut">The hard opt-out: nobody but the patient, and who acts fully for them, sees anything, not even in an emergency.</param>
public sealed record ConsentBook(
    ImmutableSortedDictionary<ConsentId, Consent> Consents, DefaultPolicy Default, bool OptedOut, ImmutableList<Delegation> Delegations,
    ImmutableList<BrokenGlass> BrokenGlasses)
{
    public static readonly ConsentBook Empty = new(
        ImmutableSortedDictionary.Create<ConsentId, Consent>(Comparer<ConsentId>.Create((a, b) => a.Value.CompareTo(b.Value))), DefaultPolicy.Deny, false, [], []);

    private Policy? _policy;

    // When the consents that share with each grantee end, kept along from change to change: a patient of a thousand consents is not looked through at each.
    private ImmutableDictionary<Actor, ImmutableSortedSet<(DateTimeOffset Until, Guid Consent)>>? _sharing;

    public Policy Policy => _policy ??= new Policy(this);

    // A copy with other consents must not keep what was made of these.
    private ConsentBook(ConsentBook original)
    {
        Consents = original.Consents;
        Default = original.Default;
        OptedOut = original.OptedOut;
        Delegations = original.Delegations;
        BrokenGlasses = original.BrokenGlasses;
    }

    /// <summary>What is judged by specificity: the consents, and the delegations as such.</summary>
    internal IEnumerable<Consent> Judged => Consents.Values.Concat(Delegations.Select(delegation => delegation.AsConsent()));

    public Consent? Find(ConsentId id) => Consents.GetValueOrDefault(id);

    public ConsentBook With(Consent consent)
    {
        var next = this with { Consents = Consents.SetItem(consent.Id, consent) };
        next._sharing = With(Without(Sharing, Find(consent.Id)), consent);
        return next;
    }

    /// <summary>
    /// Until when some consent that was not taken back permits the grantee something: whose list the patient is on so long, <see cref="DateTimeOffset.MaxValue"/> without an end. Null: none does.
    /// </summary>
    public DateTimeOffset? SharesUntil(Actor grantee) => Sharing.TryGetValue(grantee, out var ends) ? ends.Max.Until : null;

    private ImmutableDictionary<Actor, ImmutableSortedSet<(DateTimeOffset Until, Guid Consent)>> Sharing =>
        _sharing ??= Consents.Values.Aggregate(ImmutableDictionary<Actor, ImmutableSortedSet<(DateTimeOffset, Guid)>>.Empty, With);

    private static ImmutableDictionary<Actor, ImmutableSortedSet<(DateTimeOffset, Guid)>> With(ImmutableDictionary<Actor, ImmutableSortedSet<(DateTimeOffset, Guid)>> sharing, Consent consent) =>
        Shares(consent) ? sharing.SetItem(consent.Terms.Rule.Grantee, sharing.GetValueOrDefault(consent.Terms.Rule.Grantee, []).Add(End(consent))) : sharing;

    private static ImmutableDictionary<Actor, ImmutableSortedSet<(DateTimeOffset, Guid)>> Without(ImmutableDictionary<Actor, ImmutableSortedSet<(DateTimeOffset, Guid)>> sharing, Consent? consent)
    {
        if (consent is null || !Shares(consent))
            return sharing;
        var left = sharing[consent.Terms.Rule.Grantee].Remove(End(consent));
        return left.IsEmpty ? sharing.Remove(consent.Terms.Rule.Grantee) : sharing.SetItem(consent.Terms.Rule.Grantee, left);
    }

    private static bool Shares(Consent consent) => consent is { RevokedAt: null, Terms.Rule.Type: ProvisionType.Permit };

    private static (DateTimeOffset, Guid) End(Consent consent) => (consent.Terms.Validity.Until ?? DateTimeOffset.MaxValue, consent.Id.Value);

    /// <summary>Whether the asker may do now what the patient may do.</summary>
    public bool ActsForPatient(AccessRequest ask) => ask.OnBehalf && Delegations.Exists(delegation => delegation.ActsAt(ask));
}
