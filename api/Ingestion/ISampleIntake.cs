using System.Security.Claims;
using Hrms.Contracts;

namespace Hrms.Api.Ingestion;

/// <summary>Where a parsed batch goes: in the product the device's grain, which alone knows the device's patient and decides.</summary>
public interface ISampleIntake
{
    /// <summary>
    /// Takes a batch, all of it durable before the answer. <see cref="RefusalCode.Busy"/> means "busy, nothing was taken": the
    /// sender is told to repeat the call. <see cref="RefusalCode.CommandReused"/>: the command came before with another fingerprint.
    /// </summary>
    /// <param name="token">What is known of who sends (<see cref="DeviceClaims"/>).</param>
    /// <param name="patient">Whose device it is: not the device's patient means not found.</param>
    Task<Outcome<SampleIngestResult>> IngestAsync(DeviceId device, ClaimsPrincipal token, PatientId? patient, SampleBatch batch, CancellationToken cancellationToken);
}
