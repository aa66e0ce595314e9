using Hrms.Contracts;
using Hrms.Domain.Devices;
using Hrms.Domain.Samples;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Devices;

/// <summary>What a device's stream keeps: whose it is, where its samples are, and which batches it has sent lately.</summary>
[Trait("Feature", "76")]
public sealed class DeviceStateTests
{
    private static readonly ChunkInfo First = Chunk(1), Merged = Chunk(2);

    [Fact]
    public void ABatch_IsKnownWhenItComesAgain_ByItsCommandAndWhatWasInIt()
    {
        var state = DeviceState.Initial.After(Stored(1, [First], [])).After(Stored(2, [Merged], [First]));

        Assert.Equal([2], state.Find(Command(2))!.Fingerprint);
        Assert.Null(state.Find(Command(3)));
        Assert.Equal([Merged], state.Chunks.All);
    }

    [Fact]
    public void TheOldestBatch_IsForgotten_WhenThereAreMoreThanALimit()
    {
        var full = Enumerable.Range(1, DeviceState.RecentMax).Aggregate(DeviceState.Initial, (state, number) => state.After(Stored(number, [], [])));
        var next = full.After(Stored(DeviceState.RecentMax + 1, [], []));

        Assert.NotNull(full.Find(Command(1)));
        Assert.Equal((null, true, true), (next.Find(Command(1)), next.Find(Command(2)) is not null, next.Find(Command(DeviceState.RecentMax + 1)) is not null));
        Assert.Equal((DeviceState.RecentMax, DeviceState.RecentMax), (next.RecentCount, next.Recent.Count()));
    }

    [Fact]
    public void ASnapshot_RestoresAllOfIt_AndGoesOnAsItWouldHave()
    {
        var state = Enumerable.Range(1, DeviceState.RecentMax).Aggregate(
            DeviceState.Initial.After(new DeviceBound(Now, new PatientId(Id(100)))), (before, number) => before.After(Stored(number, number == 1 ? [First] : [], [])));

        var restored = EventJson.Read<DeviceSnapshot>(EventJson.Write(DeviceSnapshot.Of(state))).Restore();

        Assert.Equal((new PatientId(Id(100)), DeviceState.RecentMax), (restored.Patient!.Value, restored.RecentCount));
        Assert.Equal(First.Hash, Assert.Single(restored.Chunks.All).Hash);
        Assert.Equal(state.Recent.Select(batch => batch.Command), restored.Recent.Select(batch => batch.Command));
        Assert.Null(restored.After(Stored(0, [], [])).Find(Command(1)));
    }

    private static ChunkInfo Chunk(byte number) => new(SampleKind.HeartRate, new DateOnly(2026, 3, 1), number, number, 1, [number], 1);

    private static CommandId Command(int number) => new(Id(30_000 + number));

    private static SamplesStored Stored(int number, ChunkInfo[] added, ChunkInfo[] superseded) => new(Now, Command(number), [(byte)number], added, superseded);
}
