using Hrms.Contracts;
using Hrms.Domain;
using Hrms.Domain.Devices;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Samples;
using Hrms.Domain.Sealing;
using Hrms.Grains.Journaling;

namespace Hrms.Grains.Devices;

/// <summary>A wearable: its samples in sealed, time-ordered chunks, one event a batch.</summary>
public sealed class DeviceGrain(StreamServices services, [PersistentState("device")] IPersistentState<StreamSnapshot> snapshot)
    : StreamGrain<DeviceState, DeviceEvent>(services, snapshot), IDeviceGrain
{
    private DeviceId Id => new(this.GetPrimaryKey());

    protected override StreamId Stream => Id;

    public async Task<DeviceIdentity?> IdentityAsync()
    {
        if (State.Patient is { } patient && await GrainFactory.Grain<IPatientGrain>(patient.Value).DeviceKeyAsync(Id) is { } key)
            return new DeviceIdentity(patient, key);
        // Anybody may ask for any id: one that nobody has is not kept in memory.
        if (!HasStream)
            DeactivateOnIdle();
        return null;
    }

    public async Task BindAsync(PatientId patient)
    {
        if (State.Patient is null)
            await CommitAsync([new DeviceBound(Now, patient)]);
        else if (State.Patient != patient)
            throw new InvalidOperationException($"Device {Id} is another patient's.");
    }

    public Task SettleAsync() => Task.CompletedTask;

    public async Task<Outcome<SampleIngestResult>> IngestAsync(Asker asker, PatientId patient, SampleBatch batch)
    {
        // The patient may have ended the device since its body began to come.
        if (await IdentityAsync() is not { } known || known.Patient != patient || asker.Actor != Actor.Device(Id) || (batch.Signed is { } signed && State.WasSigned(signed)))
            return DeviceRules.NoSuchDevice;
        var earlier = State.Find(batch.Command);
        if (earlier is not null && !earlier.Fingerprint.AsSpan().SequenceEqual(batch.Fingerprint))
            return new Refusal(RefusalCode.CommandReused, "This idempotency key was used for another batch. Use a new one.", "Idempotency-Key");
        var intake = SampleIntake.Prepare(batch, State.Chunks, Now);
        var (result, changes) = intake.Complete(await LoadAsync(intake.ToLoad));
        // A first batch that brings nothing new is noted all the same: its key is used.
        if (changes.Count == 0 && earlier is not null)
            return result;
        var written = changes.SelectMany(change => change.Add.Select(run => Seal(change, run))).ToList();
        await CommitAsync(
            [new SamplesStored(Now, batch.Command, batch.Fingerprint, [.. written.Select(chunk => chunk.Info)], [.. changes.SelectMany(change => change.Remove)], batch.Signed)],
            [.. written.Select(chunk => chunk.Content)]);
        return result;
    }

    public async Task EndAsync()
    {
        EndEnding();
        await ClearSnapshotAsync();
    }

    public async Task<SamplePage> QueryAsync(SampleQuery query)
    {
        var pager = new SamplePager(query);
        foreach (var chunks in pager.Days(State.Chunks))
        {
            if (pager.Add(await LoadAsync(chunks)))
                break;
        }
        return pager.Page;
    }

    protected override DeviceState Initial() => DeviceState.Initial;

    protected override DeviceState Fold(DeviceState state, IReadOnlyList<DeviceEvent> events, long firstVersion) =>
        events.Aggregate(state, (folded, happened) => folded.After(happened));

    protected override byte[] WriteSnapshot(DeviceState state) => EventJson.Write(DeviceSnapshot.Of(state));

    protected override DeviceState ReadSnapshot(byte[] json) => EventJson.Read<DeviceSnapshot>(json).Restore();

    private async Task<IReadOnlyList<SampleRun>> LoadAsync(IReadOnlyList<ChunkInfo> chunks)
    {
        if (chunks.Count == 0)
            return [];
        var contents = await Services.Contents.ReadAsync(Stream, [.. chunks.Select(chunk => chunk.Hash)], CancellationToken.None);
        try
        {
            return [.. chunks.Select((chunk, i) => SampleChunk.Decode(chunk.Kind,
                ContentSeal.Open(Keys, ChunkInfo.Place(Id, chunk.Kind, chunk.From, chunk.To), chunk.Hash, contents[i])))];
        }
        catch (Exception broken) when (broken is SealBrokenException or SampleChunkBrokenException)
        {
            Services.Logger.Raise(IntegrityViolation.Content, Stream, 0);
            throw new TamperedException(Stream, "A chunk of samples", broken);
        }
    }

    private (ChunkInfo Info, SealedContent Content) Seal(ChunkChange change, SampleRun run)
    {
        var (from, to) = (run.Times.Span[0], run.Times.Span[^1]);
        var content = ContentSeal.Seal(Keys, ChunkInfo.Place(Id, change.Kind, from, to), SampleChunk.Encode(change.Kind, run), Services.Entropy);
        return (new ChunkInfo(change.Kind, change.Day, from, to, run.Count, content.Hash, content.Ciphertext.Length), content);
    }
}
