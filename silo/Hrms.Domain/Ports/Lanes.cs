namespace Hrms.Domain.Ports;

/// <summary>
/// Which lane of the ledger carries a stream. Called by grains to wake their lane's writer; the database computes the same from the stream's id
/// (<c>get_byte(uuid_send(stream_id), 15) % lane_count</c>), and a test holds both equal.
/// </summary>
public static class Lanes
{
    /// <summary>The spread comes from one byte of the stream's id.</summary>
    public const int CountMax = 256;

    /// <param name="laneCount">How many lanes there are, 1 to <see cref="CountMax"/>; fixed for the life of a database.</param>
    public static int Of(StreamId stream, int laneCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(laneCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(laneCount, CountMax);
        Span<byte> id = stackalloc byte[16];
        stream.Value.TryWriteBytes(id, bigEndian: true, out _);
        return id[15] % laneCount;
    }
}
