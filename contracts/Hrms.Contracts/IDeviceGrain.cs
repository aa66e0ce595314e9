using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>
/// A wearable or a hub: takes its samples in and keeps them, in sealed chunks. The key is the device's id. It decides on nothing but whether a sample can be
/// one; who may read is the patient's grain's to say, which is the only one that asks for samples.
/// </summary>
[Alias("IDeviceGrain")]
public interface IDeviceGrain : IGrainWithGuidKey
{
    /// <summary>Takes a batch in. Called by the ingestion edge; a batch that comes twice is one.</summary>
    /// <param name="asker">The device. Its token must let it create Observations.</param>
    /// <param name="patient">Whose device it says it is; the patient's grain confirms it the first time.</param>
    [Alias("IngestFrom")]
    Task<Outcome<SampleIngestResult>> IngestAsync(Asker asker, PatientId patient, SampleBatch batch);

    [Alias("Query"), AlwaysInterleave]
    Task<SamplePage> QueryAsync(SampleQuery query);

    /// <summary>Told by the patient's grain, and by nobody else, while the patient is erased: forgets all. The key goes with the patient's.</summary>
    [Alias("End"), AlwaysInterleave]
    Task EndAsync();
}

/// <summary>Reads a patient's samples of one kind from all their devices, as far as the asker may.</summary>
[GenerateSerializer, Immutable, Alias("ReadSamples")]
public sealed record ReadSamples([property: Id(0)] Asker Asker, [property: Id(1)] SampleQuery Query);
