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

    public Policy Policy => _policy ??= new Policy(this);

    // A copy with other consents must not keep the compiled form of these.
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

    public ConsentBook With(Consent consent) => this with { Consents = Consents.SetItem(consent.Id, consent) };

    /// <summary>Whether the asker may do now what the patient may do.</summary>
    public bool ActsForPatient(AccessRequest ask) => ask.OnBehalf && Delegations.Exists(delegation => delegation.ActsAt(ask));
}
