using System.Text.Json;
using Hrms.Domain.Sealing;

namespace Hrms.Grains.Journaling;

/// <summary>Snapshots of the folded state: short cuts, never the truth.</summary>
public abstract partial class StreamGrain<TState, TEvent>
{
    // A snapshot costs about as much as it is large, a replay as much as it is long: writing one when the stream has grown by this much, or by half, keeps both
    // small. And no event pays more than so many bytes towards it, however much there is to write down.
    private const long SnapshotEveryMin = 256, SnapshotBytesPerEventMax = 512;

    private Task _saving = Task.CompletedTask;

    protected async Task ClearSnapshotAsync()
    {
        await _saving;
        if (snapshot.RecordExists)
            await snapshot.ClearStateAsync();
    }

    private long SnapshotEvery =>
        (long)(Math.Max(Math.Max(SnapshotEveryMin, snapshot.State.Version / 2), snapshot.State.Sealed.Length / SnapshotBytesPerEventMax) * Spread);

    // From half to half as much again, by the stream: patients of one cohort, who change at one pace, would else all write theirs at the same moment.
    private double Spread => 0.5 + (Stream.Value.ToByteArray()[^1] / 256.0);

    private long RestoreSnapshot()
    {
        if (snapshot.State.Version == 0)
            return 0;
        if (snapshot.State.Version == StreamSnapshot.Unreadable)
            return Replayed(isChanged: true);
        try
        {
            State = ReadSnapshot(Deflated.Expand(Keys.OpenSnapshot(snapshot.State.Version, snapshot.State.Sealed), Array.MaxLength));
            return snapshot.State.Version;
        }
        catch (Exception broken) when (broken is SealBrokenException or InvalidDataException or JsonException)
        {
            // One that another version of the program wrote opens, and is not understood.
            return Replayed(isChanged: broken is SealBrokenException);
        }

        long Replayed(bool isChanged)
        {
            if (isChanged)
                services.Logger.Raise(IntegrityViolation.Snapshot, Stream, 0);
            services.Logger.SnapshotUnreadable(Stream.Value, snapshot.State.Version);
            State = Initial();
            return 0;
        }
    }

    /// <summary>After the answer, which does not wait for it.</summary>
    private void SaveSnapshotWhenDue()
    {
        if (_saving.IsCompleted && _appender!.Version - snapshot.State.Version > SnapshotEvery)
            _saving = SaveSnapshotAsync();
    }

    private async Task SaveSnapshotAsync()
    {
        await Task.Yield();
        if (IsErased)
            return;
        var version = _folded;
        try
        {
            snapshot.State = new StreamSnapshot
            {
                Version = version,
                Sealed = Keys.SealSnapshot(version, Deflated.Compress(WriteSnapshot(State)), services.Entropy),
            };
            await snapshot.WriteStateAsync();
        }
        catch (Exception fault)
        {
            // The journal has everything: a lost snapshot must not fail a command that is durable.
            services.Logger.SnapshotNotWritten(Stream.Value, version, fault.GetType().Name);
        }
    }
}
