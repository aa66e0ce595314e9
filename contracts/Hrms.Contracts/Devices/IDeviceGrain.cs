using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>
/// A wearable or a hub: takes its samples in and keeps them, in sealed chunks. The key is the device's id. It decides on nothing but whether a sample can be
/// one; who may read is the patient's grain's to say, which is the only one that asks for samples, and so is whether the device may send.
/// </summary>
[Alias("IDeviceGrain")]
public interface IDeviceGrain : IGrainWithGuidKey
{
    /// <summary>Who the device is; null: nobody knows it, or it may not send now. Asked by the ingestion edge before it reads what the device sends.</summary>
    [Alias("Identity"), AlwaysInterleave]
    Task<DeviceIdentity?> IdentityAsync();

    /// <summary>Takes a batch in. Called by the ingestion edge, which knows by a signature that the device sends it; a batch that comes twice is one, a signature that comes twice is none.</summary>
    /// <param name="asker">The device.</param>
    /// <param name="patient">Whose device it is. That it still is, and may send, the patient's grain is asked each time.</param>
    [Alias("IngestFrom")]
    Task<Outcome<SampleIngestResult>> IngestAsync(Asker asker, PatientId patient, SampleBatch batch);

    [Alias("Query"), AlwaysInterleave]
    Task<SamplePage> QueryAsync(SampleQuery query);

    /// <summary>Told by the patient's grain, and by nobody else, when the device has registered its key. It never changes hands.</summary>
    [Alias("Bind")]
    Task BindAsync(PatientId patient);

    /// <summary>Answers when nothing that came before is still being stored. Asked by the patient's grain after a revocation.</summary>
    [Alias("Settle")]
    Task SettleAsync();

    /// <summary>Told by the patient's grain, and by nobody else, while the patient is erased: forgets all. The key goes with the patient's.</summary>
    [Alias("End"), AlwaysInterleave]
    Task EndAsync();
}

/// <summary>Reads a patient's samples of one kind from all their devices, as far as the asker may.</summary>
[GenerateSerializer, Immutable, Alias("ReadSamples")]
public sealed record ReadSamples([property: Id(0)] Asker Asker, [property: Id(1)] SampleQuery Query);
