using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>
/// Whether terms give nothing that other terms would not give: how a narrowed request is proven to be a part of what was asked for. Sound and conservative: a
/// yes is a proof, for whoever asks whatever at whatever time; a no may be a narrowing too intricate to be proven. A property test holds it to the evaluator.
/// </summary>
public static class TermsSubset
{
    public static bool Holds(ConsentTerms narrow, ConsentTerms wide) =>
        SameTerms.Equal(narrow, wide)
        || (Inside(narrow.Validity, wide.Validity)
            && KeepsNoLonger(narrow.KeepUntil, wide.KeepUntil)
            && NoMoreOften(narrow.Frequency, wide.Frequency)
            && Permits(narrow).All(part => IsGiven(part, narrow, wide)));

    /// <summary>What is given by the rule, and by each exception inside it: nothing else ever permits.</summary>
    private static IEnumerable<Provision> Permits(ConsentTerms terms) => terms.Exceptions.Prepend(terms.Rule).Where(provision => provision.Type == ProvisionType.Permit);

    private static bool IsGiven(Provision part, ConsentTerms narrow, ConsentTerms wide)
    {
        var isRule = ReferenceEquals(part, narrow.Rule);
        // The part holds inside its own rule, too.
        bool WithinWide(Provision target) => ProvisionSets.Inside([part, narrow.Rule], target);
        var given = WithinWide(wide.Rule)
            && (wide.Rule.Type == ProvisionType.Permit || wide.Exceptions.Any(e => e.Type == ProvisionType.Permit && WithinWide(e)));
        return given && wide.Exceptions.Where(e => e.Type == ProvisionType.Deny).All(denied =>
            ProvisionSets.Apart(part, denied) || ProvisionSets.Apart(narrow.Rule, denied)
            // A rule says nothing where one of its exceptions does.
            || (isRule && narrow.Exceptions.Any(exception => ProvisionSets.Inside([denied, narrow.Rule], exception))));
    }

    private static bool Inside(Period narrow, Period wide) =>
        (wide.From is null || narrow.From >= wide.From) && (wide.Until is null || narrow.Until <= wide.Until);

    private static bool KeepsNoLonger(DateTimeOffset? narrow, DateTimeOffset? wide) => wide is null || narrow <= wide;

    /// <summary>No more often in a span at least as long: then no more often in the other's span.</summary>
    private static bool NoMoreOften(AccessFrequency? narrow, AccessFrequency? wide) =>
        wide is null || (narrow is not null && narrow.Frequency <= wide.Frequency && narrow.Span >= wide.Span);
}
