using System.Collections.Frozen;
using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>A consent with what does not change computed once: sets instead of lists, specificities as numbers.</summary>
internal sealed class CompiledConsent
{
    private readonly Consent _consent;
    private readonly CompiledProvision _rule;
    private readonly CompiledProvision[] _exceptions;

    public CompiledConsent(Consent consent)
    {
        _consent = consent;
        var rule = consent.Terms.Rule;
        _rule = new CompiledProvision(rule, Specificity.OfContext(rule));
        _exceptions = [.. consent.Terms.Exceptions.Select(e => new CompiledProvision(e, Specificity.WithinContext(rule, e)))];
        // Everyone is found under one name, however the terms spell it: a denial that is not found would widen.
        Grantee = rule.Grantee.Key();
        OnlyRecords = rule.Data.Records.Count > 0 && !rule.Data.Narrows;
        MayPermit = rule.Type == ProvisionType.Permit || consent.Terms.Exceptions.Any(e => e.Type == ProvisionType.Permit);
        MaxSpecificity = _exceptions.Append(_rule).Max(p => Specificity.Combine(Math.Max(p.MaxData, _rule.MaxData), p.Context));
    }

    public Actor Grantee { get; }

    public bool OnlyRecords { get; }

    public bool MayPermit { get; }

    public int MaxSpecificity { get; }

    public IEnumerable<RecordId> Records => _consent.Terms.Rule.Data.Records;

    public bool NamesGroup => _consent.Terms.Exceptions.Append(_consent.Terms.Rule)
        .Any(p => p.Grantee.Kind is ActorKind.Organization or ActorKind.CareTeam or ActorKind.Role);

    public IEnumerable<DateTimeOffset> WindowBounds =>
        _consent.Terms.Exceptions.Append(_consent.Terms.Rule).Select(p => p.Data.Window).OfType<Period>()
            .SelectMany(window => new[] { window.From, window.Until }).OfType<DateTimeOffset>();

    public bool AppliesTo(AccessRequest ask) => _consent.Terms.Validity.Contains(ask.Now) && _rule.AppliesTo(ask);

    public Verdict Judge(AccessRequest ask, Datum datum)
    {
        if (_rule.Match(datum) is not { } ruleData)
            return default;
        Verdict best = default;
        for (var i = 0; i < _exceptions.Length; i++)
        {
            var exception = _exceptions[i];
            if (exception.AppliesTo(ask) && exception.Match(datum) is { } data)
                best = best.Stronger(new Verdict(_consent, i, exception.Type, Specificity.Combine(Math.Max(ruleData, data), exception.Context)));
        }
        if (best.Consent is null)
            best = new Verdict(_consent, null, _rule.Type, Specificity.Combine(ruleData, _rule.Context));
        return best.Type == ProvisionType.Permit && ask.UsedUp?.Contains(_consent.Id) == true
            ? best with { Type = ProvisionType.Deny, UsedUp = true }
            : best;
    }
}

internal sealed class CompiledProvision(Provision provision, int context)
{
    // By their numbers; those of other systems than HL7's have none but 0, and are told apart by the set.
    private readonly ulong _purposes = provision.Purposes.Aggregate(0UL, (set, purpose) => set | (1UL << purpose.Number));
    private readonly FrozenSet<PurposeOfUse> _ofOtherSystems = provision.Purposes.Where(purpose => purpose.Number == 0).ToFrozenSet();
    private readonly ulong _actions = provision.Actions.Aggregate(0UL, (set, action) => set | (1UL << (int)action));
    private readonly DataFilter _filter = provision.Data;
    private readonly FrozenSet<RecordId> _records = provision.Data.Records.ToFrozenSet();
    private readonly FrozenSet<DataClass> _classes = provision.Data.Classes.ToFrozenSet();
    private readonly int _confidentialities = (provision.Data.Confidentialities ?? []).Aggregate(0, (set, code) => set | (1 << (int)code));
    private readonly int _resolutions = (provision.Data.Resolutions ?? []).Aggregate(0, (set, resolution) => set | (1 << (int)resolution));
    private readonly int _data = Specificity.Of(provision.Data);

    public ProvisionType Type => provision.Type;

    public int Context => context;

    public int MaxData => _records.Count > 0 ? Specificity.Record : _data;

    public bool AppliesTo(AccessRequest ask) =>
        (_purposes == 0 || ((_purposes & (1UL << ask.Purpose.Number)) != 0 && (ask.Purpose.Number > 0 || _ofOtherSystems.Contains(ask.Purpose))))
        && (_actions == 0 || (_actions & (1UL << (int)ask.Action)) != 0)
        && Matching.Grantee(provision, ask);

    public int? Match(Datum datum)
    {
        if (datum.Id is { } id && _records.Contains(id))
            return Specificity.Record;
        if (_records.Count > 0 && !_filter.Narrows)
            return null;
        if (_classes.Count > 0 && !_classes.Contains(datum.Class))
            return null;
        if (_filter.Authors.Count > 0 && !Overlap(_filter.Authors, datum.Authors))
            return null;
        if (_filter.Encounters.Count > 0 && !(datum.Encounter is { } encounter && _filter.Encounters.Contains(encounter)))
            return null;
        if (_filter.Labels.Count > 0 && !Overlap(_filter.Labels, datum.Labels))
            return null;
        if (_filter.Window is { } window && !(datum.Date is { } date && window.Contains(date)))
            return null;
        if (_confidentialities != 0 && (_confidentialities & (1 << (int)datum.Confidentiality)) == 0)
            return null;
        if (_resolutions != 0 && !(datum.Resolution is { } resolution && (_resolutions & (1 << (int)resolution)) != 0))
            return null;
        return _data;
    }

    private static bool Overlap<T>(IReadOnlyList<T> wanted, IReadOnlyList<T> present)
    {
        foreach (var item in present)
        {
            if (wanted.Contains(item))
                return true;
        }
        return false;
    }
}
