using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Domain.Insight;

/// <summary>
/// Consents that can be meant but perhaps are not. Each finding is certain: what depends on who is a member of what, or on labels, is not reported.
/// </summary>
public static class ConsentLinter
{
    /// <summary>More consents in force than these are not compared with each other.</summary>
    public const int ComparedMax = 500;

    public static IReadOnlyList<ConsentFinding> Of(ConsentBook book, DateTimeOffset now)
    {
        List<Consent> inForce = [.. book.Consents.Values.Where(consent => consent.RevokedAt is null && !(consent.Terms.Validity.Until <= now))
            .OrderByDescending(consent => consent.StreamVersion)];
        return [.. inForce.SelectMany(Within), .. Between([.. inForce.Take(ComparedMax)])];
    }

    private static IEnumerable<ConsentFinding> Within(Consent consent)
    {
        var (rule, exceptions) = (consent.Terms.Rule, consent.Terms.Exceptions);
        if (consent.Terms.Validity.Until is null && exceptions.Append(rule).Any(provision => provision.Type == ProvisionType.Permit))
            yield return Found(ConsentFindingKind.NeverEnding, consent, null, "It permits without an end. It holds until you revoke it.");
        if (IsAboutNothing(rule))
            yield return Found(ConsentFindingKind.Unreachable, consent, null, "The rule is about nothing: only samples of wearables have a resolution.");
        else if (exceptions.Any(exception => ProvisionSets.Inside([rule], exception)))
            yield return Found(ConsentFindingKind.Unreachable, consent, null, "The rule never decides: an exception covers all of it.");
        for (var i = 0; i < exceptions.Count; i++)
        {
            var exception = exceptions[i];
            if (IsAboutNothing(exception))
                yield return Found(ConsentFindingKind.Unreachable, consent, i, "The exception is about nothing: only samples of wearables have a resolution.");
            else if (ProvisionSets.Apart(rule, exception))
                yield return Found(ConsentFindingKind.Unreachable, consent, i, "The exception never decides: it lies outside its rule.");
            else if (Enumerable.Range(0, exceptions.Count).Any(j => j != i && Overrides(rule, exceptions[j], exception, j < i)))
                yield return Found(ConsentFindingKind.Unreachable, consent, i, "The exception never decides: a stronger one covers all of it.");
            if (exception.Type == ProvisionType.Deny && rule.Type == ProvisionType.Permit && HidesCoarseOnly(rule.Data, exception.Data))
                yield return Found(ConsentFindingKind.CoarseDenied, consent, i, "It denies coarse samples and leaves finer ones, from which anybody computes the coarse.");
        }
    }

    private static IEnumerable<ConsentFinding> Between(List<Consent> consents)
    {
        for (var i = 0; i < consents.Count; i++)
        {
            for (var j = 0; j < consents.Count; j++)
            {
                var (permit, deny) = (consents[i], consents[j]);
                if (permit.Terms.Rule.Type != ProvisionType.Permit || deny.Terms.Rule.Type != ProvisionType.Deny || !SameTime(permit, deny))
                    continue;
                var (a, b) = (permit.Terms.Rule, deny.Terms.Rule);
                if (Strength(a) is not { } strength || strength != Strength(b) || !(ProvisionSets.Inside([a], b) || ProvisionSets.Inside([b], a)))
                    continue;
                yield return Found(
                    ConsentFindingKind.Contradictory, permit, null, $"It permits what the consent {deny.Id} denies, and neither is more specific: the denial holds.", deny.Id);
            }
        }
    }

    /// <summary>Whether <paramref name="stronger"/> decides wherever the other would: at equal strength a denial wins, or of two alike the first.</summary>
    private static bool Overrides(Provision rule, Provision stronger, Provision other, bool isFirst)
    {
        if (!ProvisionSets.Inside([other, rule], stronger))
            return false;
        var ruleData = Bounds(rule.Data);
        var (least, most) = (Bounds(stronger.Data).Least, Bounds(other.Data).Most);
        var difference = Specificity.Combine(Math.Max(least, ruleData.Least), Specificity.WithinContext(rule, stronger))
            - Specificity.Combine(Math.Max(most, ruleData.Most), Specificity.WithinContext(rule, other));
        return difference > 0 || (difference == 0 && (stronger.Type == other.Type ? isFirst : stronger.Type == ProvisionType.Deny));
    }

    /// <summary>How specific a filter is where it matches; not one number when it names records and chooses by something else, too.</summary>
    private static (int Least, int Most) Bounds(DataFilter filter) =>
        filter.Records.Count == 0 ? (Specificity.Of(filter), Specificity.Of(filter))
        : filter.Narrows ? (Specificity.Of(filter), Specificity.Record)
        : (Specificity.Record, Specificity.Record);

    private static int? Strength(Provision rule) =>
        Bounds(rule.Data) is var (least, most) && least == most ? Specificity.Combine(most, Specificity.OfContext(rule)) : null;

    private static bool SameTime(Consent a, Consent b) =>
        !(a.Terms.Validity.Until <= b.Terms.Validity.From) && !(b.Terms.Validity.Until <= a.Terms.Validity.From);

    private static bool IsAboutNothing(Provision provision) =>
        provision.Data is { Resolutions.Count: > 0, Records.Count: 0 } data && data.Classes.Count > 0 && !data.Classes.Contains(DataClass.Wearables);

    private static bool HidesCoarseOnly(DataFilter permitted, DataFilter denied) =>
        denied.Resolutions is { Count: > 0 } hidden
        && (permitted.Resolutions is { Count: > 0 } shown ? shown : Enum.GetValues<SampleResolution>()).Any(finer => !hidden.Contains(finer) && finer < hidden.Max());

    private static ConsentFinding Found(ConsentFindingKind kind, Consent consent, int? exception, string text, ConsentId? other = null) =>
        new(kind, consent.Id, exception, other, text);
}
