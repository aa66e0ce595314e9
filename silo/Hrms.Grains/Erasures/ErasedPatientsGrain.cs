using Hrms.Contracts;
using Hrms.Domain.Ports;
using Orleans.Concurrency;

namespace Hrms.Grains.Erasures;

/// <summary>Reads who was erased off the table that says so.</summary>
[StatelessWorker]
public sealed class ErasedPatientsGrain(IErasures erasures) : Grain, IErasedPatientsGrain
{
    public async Task<IReadOnlyList<ErasedPatient>> PageAsync(ErasedPatient? after, int first) =>
    [
        .. (await erasures.EndedAsync(after?.EndedAt ?? DateTimeOffset.UnixEpoch, after?.Patient ?? default(StreamId), Math.Clamp(first, 1, Limits.PageSizeMax), CancellationToken.None))
            .Select(ended => new ErasedPatient(new PatientId(ended.Owner.Value), ended.EndedAt)),
    ];
}
