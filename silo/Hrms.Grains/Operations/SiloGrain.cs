using Hrms.Contracts;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Operations;

/// <summary>Tells what its silo's parts know of themselves.</summary>
public sealed class SiloGrain(IJournal journal, ILocalSiloDetails silo) : Grain, ISiloGrain
{
    public Task<SiloReport?> ReportAsync()
    {
        if (this.GetPrimaryKeyString() == silo.SiloAddress.ToParsableString())
            return Task.FromResult<SiloReport?>(new SiloReport(journal.Queued));
        // Placed while its silo was going down.
        DeactivateOnIdle();
        return Task.FromResult<SiloReport?>(null);
    }
}
