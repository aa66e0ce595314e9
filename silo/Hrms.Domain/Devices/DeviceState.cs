using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hrms.Contracts;
using Hrms.Domain.Samples;

namespace Hrms.Domain.Devices;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(DeviceBound), "device-bound")]
[JsonDerivedType(typeof(SamplesStored), "samples-stored")]
public abstract record DeviceEvent(DateTimeOffset At);

/// <summary>The device registered its key with its patient. It never changes hands.</summary>
public sealed record DeviceBound(DateTimeOffset At, PatientId Patient) : DeviceEvent(At);

/// <summary>A batch: which sealed chunks hold its new samples, and which earlier ones they supersede.</summary>
/// <param name="Signed">See <see cref="SampleBatch"/>.</param>
public sealed record SamplesStored(
    DateTimeOffset At, CommandId Command, byte[] Fingerprint, IReadOnlyList<ChunkInfo> Added, IReadOnlyList<ChunkInfo> Superseded, byte[]? Signed = null) : DeviceEvent(At);

/// <summary>A batch that was taken: enough to tell a repeat from a reused key, and a repeat from a replay.</summary>
public sealed record TakenBatch(CommandId Command, byte[] Fingerprint, byte[]? Signed = null);

/// <summary>A device as the fold of what it sent.</summary>
/// <param name="Recent">The last batches. An older one that is repeated is still one set: its samples are known by kind and time.</param>
public sealed record DeviceState(PatientId? Patient, ChunkBook Chunks, ImmutableQueue<TakenBatch> Recent, int RecentCount)
{
    /// <summary>How many batches' keys are kept: three hours at ten a second, longer than any client repeats.</summary>
    public const int RecentMax = 1_000;

    public static readonly DeviceState Initial = new(null, ChunkBook.Empty, [], 0);

    public TakenBatch? Find(CommandId command) => Recent.FirstOrDefault(batch => batch.Command == command);

    /// <summary>Whether something was stored under a signature. Of those so old that they are not kept any more, their own time tells.</summary>
    public bool WasSigned(byte[] signed) => Recent.Any(batch => batch.Signed.AsSpan().SequenceEqual(signed));

    public DeviceState After(DeviceEvent happened) => happened switch
    {
        DeviceBound e => this with { Patient = e.Patient },
        SamplesStored e => Remember(new TakenBatch(e.Command, e.Fingerprint, e.Signed)) with { Chunks = Chunks.Apply(e.Added, e.Superseded) },
        _ => throw new InvalidOperationException($"Event {happened.GetType().Name} of a device can't be folded."),
    };

    private DeviceState Remember(TakenBatch batch) => RecentCount < RecentMax
        ? this with { Recent = Recent.Enqueue(batch), RecentCount = RecentCount + 1 }
        : this with { Recent = Recent.Dequeue().Enqueue(batch) };
}

/// <summary>The state written down between events.</summary>
public sealed record DeviceSnapshot(PatientId? Patient, IReadOnlyList<ChunkInfo> Chunks, IReadOnlyList<TakenBatch> Recent)
{
    public static DeviceSnapshot Of(DeviceState state) => new(state.Patient, [.. state.Chunks.All], [.. state.Recent]);

    public DeviceState Restore() => new(Patient, ChunkBook.Empty.Apply(Chunks, []), [.. Recent], Recent.Count);
}
