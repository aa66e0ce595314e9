using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>What applies to one request, ready to judge data.</summary>
public sealed class Scope
{
    private readonly AccessRequest _ask;
    private readonly bool _default;
    private readonly DecisionReason? _closed;
    private readonly IReadOnlyList<BrokenGlass> _glasses;
    private readonly List<CompiledConsent> _general;
    private readonly List<GranteeConsents> _named;

    internal Scope(
        AccessRequest ask, bool @default, IReadOnlyList<BrokenGlass> glasses, List<CompiledConsent> general, List<GranteeConsents> named,
        DecisionReason? closed = null)
    {
        (_ask, _default, _glasses, _general, _named, _closed) = (ask, @default, glasses, general, named, closed);
        // The strongest possible first, so that judging stops as soon as nothing later can win.
        _general.Sort((a, b) => b.MaxSpecificity.CompareTo(a.MaxSpecificity));
    }

    /// <summary>Nothing is permitted, whatever consents say, except through broken glass.</summary>
    internal static Scope Closed(AccessRequest ask, DecisionReason reason, IReadOnlyList<BrokenGlass>? glasses = null) =>
        new(ask, false, glasses ?? [], [], [], reason);

    /// <summary>Whether anything at all could be permitted: a denied list then need not look at each record.</summary>
    public bool MayPermit => Consented && _ask.Reach?.ReachesSomething != false;

    private bool Consented => _default || _glasses.Count > 0 || _general.Exists(c => c.MayPermit) || _named.Exists(consents => consents.MayPermit(_ask));

    /// <summary>Why nothing is permitted, when <see cref="MayPermit"/> says so.</summary>
    public Decision Refused => new(false, _closed ?? (Consented ? DecisionReason.OutOfScope : DecisionReason.NoConsent));

    /// <summary>Every instant at which some time window begins or ends.</summary>
    public IEnumerable<DateTimeOffset> WindowBounds => _general.SelectMany(consent => consent.WindowBounds)
        .Concat(_glasses.SelectMany(glass => new[] { glass.Scope.Window?.From, glass.Scope.Window?.Until }.OfType<DateTimeOffset>()));

    public Decision Decide(Datum datum)
    {
        var decision = DecideAlone(datum);
        return decision.Permitted && _ask.Reach?.Reaches(datum.ResourceType, datum.Categories) == false
            ? decision with { Permitted = false, Reason = DecisionReason.OutOfScope }
            : decision;
    }

    /// <summary>As if the asker came without an app.</summary>
    private Decision DecideAlone(Datum datum)
    {
        foreach (var glass in _glasses)
        {
            if (glass.Covers(datum))
                return new Decision(true, DecisionReason.BreakGlass, new ConsentId(glass.Id.Value), 1);
        }
        if (_closed is { } closed)
            return new Decision(false, closed);
        Verdict best = default;
        if (datum.Id is { } id)
        {
            foreach (var consents in _named)
                foreach (var consent in consents.Naming(id))
                {
                    if (consent.AppliesTo(_ask))
                        best = best.Stronger(consent.Judge(_ask, datum));
                }
        }
        foreach (var consent in _general)
        {
            if (best.Consent is not null && best.Specificity > consent.MaxSpecificity)
                break;
            best = best.Stronger(consent.Judge(_ask, datum));
        }
        if (best.Consent is null)
            return _default ? new Decision(true, DecisionReason.DefaultPolicy) : new Decision(false, DecisionReason.NoConsent);
        return new Decision(best.Type == ProvisionType.Permit, best.Reason, best.Consent.Id, best.Consent.Version, best.Exception);
    }
}

/// <summary>One consent's word on one datum; the default value is silence.</summary>
internal readonly record struct Verdict(Consent? Consent, int? Exception, ProvisionType Type, int Specificity, bool UsedUp = false)
{
    public DecisionReason Reason =>
        UsedUp ? DecisionReason.FrequencyExceeded
        : Type == ProvisionType.Deny ? DecisionReason.Denied
        : Consent!.IsDelegation ? DecisionReason.Delegated
        : DecisionReason.Permitted;

    public Verdict Stronger(Verdict other)
    {
        if (other.Consent is null)
            return this;
        if (Consent is null || other.Specificity > Specificity)
            return other;
        if (other.Specificity < Specificity)
            return this;
        if (other.Type != Type)
            return other.Type == ProvisionType.Deny ? other : this;
        var order = other.Consent.Id.Value.CompareTo(Consent.Id.Value);
        return order < 0 || (order == 0 && other.Exception < Exception) ? other : this;
    }
}
