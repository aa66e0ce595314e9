using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>Where the ledger keeps patients' keys: the contract <c>PatientKeys</c> (20 bytes) on a chain.</summary>
[GenerateSerializer, Immutable, Alias("PatientKeyRegister")]
public sealed record PatientKeyRegister([property: Id(0)] ulong ChainId, [property: Id(1)] byte[] Contract);

/// <summary>
/// Brings patients' keys to the ledger, and ends them there, for all patients of this member alike: by one account, at a fixed cadence, in random order. The key is 0. Nobody waits for
/// it: patients' grains wake it, a reminder covers a lost wake.
/// </summary>
[Alias("IPatientKeyRegistrarGrain")]
public interface IPatientKeyRegistrarGrain : IGrainWithIntegerKey
{
    /// <summary>There is something in the queue: a hint, which may be lost.</summary>
    [Alias("Wake"), OneWay, AlwaysInterleave]
    Task WakeAsync();

    /// <summary>Null while the ledger was never reached, or when this member's does not know patients' keys. Asked by patients' grains.</summary>
    [Alias("Register"), AlwaysInterleave]
    Task<PatientKeyRegister?> RegisterAsync();
}
