using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>The consents to one grantee. Those that name nothing but single records are found by the record, so that blocking a thousand records costs the others nothing.</summary>
internal sealed class GranteeConsents
{
    private readonly Dictionary<RecordId, List<CompiledConsent>> _byRecord = [];
    private readonly List<CompiledConsent> _general = [], _named = [];

    public IReadOnlyList<CompiledConsent> General => _general;

    public bool NamesRecords => _named.Count > 0;

    public void Add(CompiledConsent consent)
    {
        if (!consent.OnlyRecords)
        {
            _general.Add(consent);
            return;
        }
        _named.Add(consent);
        foreach (var record in consent.Records)
        {
            if (!_byRecord.TryGetValue(record, out var list))
                _byRecord[record] = list = [];
            list.Add(consent);
        }
    }

    /// <summary>Whether one that names single records could permit something now.</summary>
    public bool MayPermit(AccessRequest ask) => _named.Exists(consent => consent.MayPermit && consent.AppliesTo(ask));

    public IReadOnlyList<CompiledConsent> Naming(RecordId record) => _byRecord.GetValueOrDefault(record, []);
}
