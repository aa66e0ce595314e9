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

    // How many consents share with each grantee, kept along from change to change: a patient of a thousand consents is not looked through at each.
    private ImmutableDictionary<Actor, int>? _sharing;

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
        next._sharing = Count(Count(Sharing, Find(consent.Id), -1), consent, +1);
        return next;
    }

    /// <summary>Whether a consent that was not taken back permits the grantee something, at some time: whose list the patient is on.</summary>
    public bool SharesWith(Actor grantee) => Sharing.ContainsKey(grantee);

    private ImmutableDictionary<Actor, int> Sharing =>
        _sharing ??= Consents.Values.Aggregate(ImmutableDictionary<Actor, int>.Empty, (counts, consent) => Count(counts, consent, +1));

    private static ImmutableDictionary<Actor, int> Count(ImmutableDictionary<Actor, int> counts, Consent? consent, int by)
    {
        if (consent is not { RevokedAt: null, Terms.Rule: { Type: ProvisionType.Permit, Grantee: var grantee } })
            return counts;
        var count = counts.GetValueOrDefault(grantee) + by;
        return count == 0 ? counts.Remove(grantee) : counts.SetItem(grantee, count);
    }

    /// <summary>Whether the asker may do now what the patient may do.</summary>
    public bool ActsForPatient(AccessRequest ask) => ask.OnBehalf && Delegations.Exists(delegation => delegation.ActsAt(ask));
}
