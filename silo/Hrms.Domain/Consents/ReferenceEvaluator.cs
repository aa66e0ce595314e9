using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>
/// The conflict rule, written to be read: slow, obvious, and the definition. Tests hold <see cref="Policy"/> to it. docs/consent.md tells it in plain words.
/// <list type="number">
/// <item>When the ledger holds more than the rows, nobody sees anything: what the patient decided last may be missing.</item>
/// <item>When the patient has opted out, nobody sees anything but who acts fully for them.</item>
/// <item>Who broke the glass sees what they broke it for, while it lasts.</item>
/// <item>Who still holds data that was to be purged gets no more.</item>
/// <item>A consent that is revoked, not yet valid or no longer valid says nothing. A delegation is judged as a consent to that person.</item>
/// <item>Inside a consent, its most specific matching exception overrides its rule; of equally specific exceptions, deny.</item>
/// <item>A consent that was used as often as it allows denies where it would permit.</item>
/// <item>Between consents, the more specific verdict wins; of equally specific ones, deny.</item>
/// <item>When no consent says anything, the patient's default policy; without one, deny.</item>
/// <item>What all this permits is denied where the app's token does not reach.</item>
/// </list>
/// </summary>
public static class ReferenceEvaluator
{
    private sealed record Verdict(Consent Consent, int? Exception, ProvisionType Type, bool UsedUp, int Specificity);

    public static Decision Decide(ConsentBook book, AccessRequest ask, Datum datum)
    {
        var decision = WithoutApp(book, ask, datum);
        return decision.Permitted && ask.Reach is { } reach && !reach.Reaches(datum.ResourceType, datum.Categories)
            ? new Decision(false, DecisionReason.OutOfScope, decision.Consent, decision.ConsentVersion, decision.Exception)
            : decision;
    }

    private static Decision WithoutApp(ConsentBook book, AccessRequest ask, Datum datum)
    {
        if (ask.LedgerAhead)
            return new Decision(false, DecisionReason.LedgerAhead);
        if (book.OptedOut && !book.ActsForPatient(ask))
            return new Decision(false, DecisionReason.OptedOut);
        if (book.BrokenGlasses.Where(glass => glass.AppliesTo(ask) && glass.Covers(datum)).MinBy(glass => glass.Id.Value) is { } glass)
            return new Decision(true, DecisionReason.BreakGlass, new ConsentId(glass.Id.Value), 1);
        if (ask.PurgeOverdue)
            return new Decision(false, DecisionReason.PurgeOverdue);
        var verdicts = book.Judged
            .Where(consent => consent.RevokedAt is null && consent.Terms.Validity.Contains(ask.Now))
            .Select(consent => VerdictOf(consent, ask, datum))
            .OfType<Verdict>()
            .ToList();
        if (verdicts.Count == 0)
        {
            return book.Default.Permits(ask)
                ? new Decision(true, DecisionReason.DefaultPolicy)
                : new Decision(false, DecisionReason.NoConsent);
        }
        var winner = Strongest(verdicts);
        return new Decision(winner.Type == ProvisionType.Permit, ReasonOf(winner), winner.Consent.Id, winner.Consent.Version, winner.Exception);
    }

    private static Verdict? VerdictOf(Consent consent, AccessRequest ask, Datum datum)
    {
        var rule = consent.Terms.Rule;
        if (!Matching.Context(rule, ask) || Matching.Data(rule.Data, datum) is not { } ruleData)
            return null;
        var exceptions = consent.Terms.Exceptions
            .Select((exception, index) => (Exception: exception, Index: index, Data: Matching.Data(exception.Data, datum)))
            .Where(match => match.Data is not null && Matching.Context(match.Exception, ask))
            .Select(match => new Verdict(
                consent, match.Index, match.Exception.Type, false,
                Specificity.Combine(Math.Max(ruleData, match.Data!.Value), Specificity.WithinContext(rule, match.Exception))))
            .ToList();
        var verdict = exceptions.Count > 0
            ? Strongest(exceptions)
            : new Verdict(consent, null, rule.Type, false, Specificity.Combine(ruleData, Specificity.OfContext(rule)));
        return verdict.Type == ProvisionType.Permit && ask.UsedUp?.Contains(consent.Id) == true
            ? verdict with { Type = ProvisionType.Deny, UsedUp = true }
            : verdict;
    }

    private static Verdict Strongest(IEnumerable<Verdict> verdicts) => verdicts
        .OrderByDescending(verdict => verdict.Specificity)
        .ThenBy(verdict => verdict.Type)
        .ThenBy(verdict => verdict.Consent.Id.Value)
        .ThenBy(verdict => verdict.Exception)
        .First();

    private static DecisionReason ReasonOf(Verdict winner) =>
        winner.UsedUp ? DecisionReason.FrequencyExceeded
        : winner.Type == ProvisionType.Deny ? DecisionReason.Denied
        : winner.Consent.IsDelegation ? DecisionReason.Delegated
        : DecisionReason.Permitted;
}
