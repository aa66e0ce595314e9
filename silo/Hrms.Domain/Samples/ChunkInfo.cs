using Hrms.Contracts;

namespace Hrms.Domain.Samples;

/// <summary>A stored chunk, as the device's grain remembers it: everything but the samples. Part of the event that stored it.</summary>
/// <param name="Day">The UTC day, or month, of all its samples: see <see cref="DayOf"/>.</param>
/// <param name="From">Its first time, milliseconds since 1970.</param>
/// <param name="To">Its last time.</param>
/// <param name="Hash">The address of its sealed content, see <see cref="Ports.SealedContent"/>.</param>
/// <param name="Bytes">Length of the sealed content.</param>
public sealed record ChunkInfo(SampleKind Kind, DateOnly Day, long From, long To, int Count, byte[] Hash, int Bytes)
{
    public const long DayMilliseconds = 86_400_000;

    private static readonly int Day1970 = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>
    /// The day a sample is kept under. Kinds that are measured a few times a day at most are kept by month, under its first day: else a
    /// weight each morning would be a chunk each.
    /// </summary>
    public static DateOnly DayOf(SampleKind kind, long time)
    {
        var day = DateOnly.FromDayNumber(Day1970 + (int)Math.Floor(time / (double)DayMilliseconds));
        var byMonth = kind is SampleKind.BloodPressureSystolic or SampleKind.BloodPressureDiastolic or SampleKind.BodyWeight or SampleKind.BodyTemperature;
        return byMonth ? new DateOnly(day.Year, day.Month, 1) : day;
    }

    /// <summary>
    /// What the content's seal and its wrapped key are bound to: sealed bytes moved to another device, kind, day or time do not open.
    /// </summary>
    public static byte[] Place(DeviceId device, SampleKind kind, long from, long to)
    {
        var place = new byte[7 + 1 + 16 + 8 + 8];
        "samples"u8.CopyTo(place);
        place[7] = (byte)kind;
        device.Value.TryWriteBytes(place.AsSpan(8), bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(24), from);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(32), to);
        return place;
    }
}

/// <summary>What a batch changes in one day of one kind: each run of <paramref name="Add"/> becomes a chunk, those of
/// <paramref name="Remove"/> are superseded.</summary>
public sealed record ChunkChange(SampleKind Kind, DateOnly Day, IReadOnlyList<SampleRun> Add, IReadOnlyList<ChunkInfo> Remove);
