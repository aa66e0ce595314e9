using Hrms.Contracts;
using Hrms.Domain.Providers;

namespace Hrms.Grains.Providers;

/// <summary>The index of who shares with this provider. What patients' grains tell while it is written down goes together in the next append, so that many patients of one provider don't queue here.</summary>
public sealed partial class ProviderGrain
{
    // The newest word of each patient.
    private Dictionary<PatientId, (bool Shares, DateTimeOffset Since, DateTimeOffset? Until)> _told = [];
    private bool _isIndexing;

    public async Task SharesAsync(PatientId patient, bool shares, DateTimeOffset since, DateTimeOffset? until)
    {
        if (IsForeign)
            return;
        _told[patient] = (shares, since, until);
        if (_isIndexing)
            return;
        _isIndexing = true;
        try
        {
            while (_told.Count > 0)
            {
                (var told, _told) = (_told, []);
                if (ProviderRules.Index(State, told) is { Count: > 0 } events)
                    await CommitAsync(events);
            }
        }
        finally
        {
            _isIndexing = false;
        }
    }

    public Task<IReadOnlyList<SharingPatient>> SharingPatientsAsync() => Task.FromResult<IReadOnlyList<SharingPatient>>(
        [.. State.Sharing.Where(entry => entry.Value.HoldsAt(Now)).OrderByDescending(entry => entry.Value.Since).Select(entry => new SharingPatient(new PatientId(entry.Key), entry.Value.Since))]);
}
