using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Insight;

/// <summary>A change of the consents, tried on what is there: decided by the same evaluator before and after, and kept nowhere.</summary>
public static class Previewing
{
    /// <summary>The consents as they would be; refused as the change itself would be, but for what only signing needs.</summary>
    public static Outcome<ConsentBook> After(PatientState state, PreviewConsent draft, DateTimeOffset now)
    {
        var consent = draft.Consent is { } id ? state.Consents.Find(id) : null;
        if (draft.Consent is not null && consent?.RevokedAt is not null)
            return new Refusal(RefusalCode.WrongState, "The consent was revoked.", "consent");
        if (draft.Consent is not null && consent is null)
            return Refusal.NotFound("No such consent.");
        if (draft.Terms is { } terms)
        {
            return ConsentTermsRules.Check(terms, now) is { } wrong
                ? wrong
                : state.Consents.With(consent is null ? new Consent(Draft, 1, terms, now, null, 0, []) : consent with { Terms = terms });
        }
        return consent is null
            ? new Refusal(RefusalCode.Invalid, "Name the terms of a new consent, or the consent that would be revoked.", "terms")
            : state.Consents.With(consent with { RevokedAt = now });
    }

    /// <summary>Under which id a consent that is not given yet stands in a preview's findings.</summary>
    public static ConsentId Draft => default;

    /// <summary>The terms that change, before and after; only whom they are about can gain or lose.</summary>
    public static IReadOnlyList<ConsentTerms> Changed(ConsentBook before, ConsentBook after, ConsentId consent) =>
        [.. new[] { before.Find(consent)?.Terms, after.Find(consent)?.Terms }.OfType<ConsentTerms>()];

    /// <summary>Who would see more or less, by looking (action VIEW), once the change holds.</summary>
    public static IReadOnlyList<VisibilityChange> Visibility(
        PatientState state, ConsentBook after, ConsentId consent, IReadOnlyDictionary<Actor, IReadOnlyCollection<Membership>> memberships, DateTimeOffset now)
    {
        var changed = Changed(state.Consents, after, consent);
        var at = changed.Select(terms => terms.Validity.From ?? now).Append(now).Max();
        List<VisibilityChange> changes = [];
        var purposes = Askers.Purposes(state.Consents, after);
        foreach (var grantee in Askers.NamedBy(state.Consents, now).Union(Askers.NamedBy(after, now)))
        {
            var differences = purposes
                .Select(purpose => (Purpose: purpose, Ask: Askers.As(grantee, memberships.GetValueOrDefault(grantee) ?? [], purpose, AccessAction.View, at)))
                .Where(item => changed.Any(terms => Matching.Context(terms.Rule, item.Ask)))
                .Select(item => (item.Purpose, Differs: Difference(state, after, item.Ask))).ToList();
            changes.AddRange(InWords(grantee, true, differences.Select(item => (item.Purpose, item.Differs.Gained))));
            changes.AddRange(InWords(grantee, false, differences.Select(item => (item.Purpose, item.Differs.Lost))));
        }
        return changes;
    }

    /// <summary>Whether one look at the past would come out otherwise if it were repeated: gained, lost, or null as it was.</summary>
    public static bool? Repeated(PatientState state, ConsentBook after, AccessLine line, IReadOnlyCollection<Membership> memberships, DateTimeOffset now)
    {
        var ask = new AccessRequest(
            line.Asker.Actor, memberships, line.Asker.Purpose, line.Action, now, line.Asker.ClientId, line.Asker.ActsFor(state.Id),
            Reach: line.Asker.Scope?.Of(state.Id, line.Action));
        var (before, then) = (state.Consents.Policy.For(ask), after.Policy.For(ask));
        foreach (var datum in line.Records.Select(seen => state.Records.Find(seen.Id)).OfType<Records.RecordVersion>().Select(found => Datum.Of(found.Metadata)))
        {
            var permitted = then.Decide(datum).Permitted;
            if (before.Decide(datum).Permitted != permitted)
                return permitted;
        }
        return null;
    }

    public static IReadOnlyList<AccessChange> InWords(IEnumerable<(AccessLine Line, bool Gains)> repeated) =>
        [.. repeated.GroupBy(item => (item.Line.Asker.Actor, item.Gains, item.Line.Asker.Purpose)).Select(same =>
        {
            var (actor, gains, purpose) = same.Key;
            return new AccessChange(
                actor, gains, purpose, same.Count(), same.Max(item => item.Line.At),
                $"{same.Count()} time(s) in the last 90 days {DecisionWords.Of(actor)} asked for {purpose}: the same would now be {(gains ? "permitted" : "refused")}.");
        })];

    private static (List<RecordMetadata> Gained, List<RecordMetadata> Lost) Difference(PatientState state, ConsentBook after, AccessRequest ask)
    {
        var (before, then) = (state.Consents.Policy.For(ask), after.Policy.For(ask));
        List<RecordMetadata> gained = [], lost = [];
        foreach (var record in state.Records.NewestFirst)
        {
            var datum = Datum.Of(record);
            var (had, has) = (before.Decide(datum).Permitted, then.Decide(datum).Permitted);
            if (had != has)
                (has ? gained : lost).Add(record);
        }
        return (gained, lost);
    }

    /// <summary>Purposes for which the same records change together.</summary>
    private static IEnumerable<VisibilityChange> InWords(Actor grantee, bool gains, IEnumerable<(PurposeOfUse Purpose, List<RecordMetadata> Records)> differences)
    {
        List<(List<PurposeOfUse> Purposes, List<RecordMetadata> Records)> together = [];
        foreach (var (purpose, records) in differences.Where(item => item.Records.Count > 0))
        {
            var same = together.FindIndex(item => item.Records.SequenceEqual(records));
            if (same < 0)
                together.Add(([purpose], records));
            else
                together[same].Purposes.Add(purpose);
        }
        return together.Select(item =>
        {
            DataClass[] classes = [.. item.Records.Select(record => record.Class).Distinct().Order()];
            return new VisibilityChange(
                grantee, gains, item.Purposes, item.Records.Count, classes,
                $"{DecisionWords.Of(grantee)} would {(gains ? "see" : "no longer see")} {item.Records.Count} record(s) ({DecisionWords.List(classes)}) for {DecisionWords.List(item.Purposes)}.");
        });
    }
}
