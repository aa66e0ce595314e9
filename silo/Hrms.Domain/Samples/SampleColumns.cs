using System.Buffers.Binary;

namespace Hrms.Domain.Samples;

/// <summary>
/// The body of a chunk. A steady clock and a slow body make small numbers: times as differences of differences, values as whole numbers
/// under one power of ten, as differences.
/// <code>count ‖ first time ‖ first difference ‖ differences of differences … ‖ first value ‖ differences …</code>
/// Numbers are LEB128, signed ones zigzag. Values with no such power of ten are IEEE 754, little endian.
/// </summary>
internal static class SampleColumns
{
    /// <summary>Instead of a number of decimals: the values are IEEE 754.</summary>
    private const byte Binary = 255;
    private const byte DecimalsMax = 9;
    private const double WholeMax = 1L << 53;

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    /// <summary>The most bytes a body of so many samples takes.</summary>
    public static int BytesMax(int count) => VarIntWriter.BytesMax * (1 + 2 * count);

    /// <summary>The fewest decimals that give back every value, bit for bit; else <see cref="Binary"/>.</summary>
    public static byte Decimals(ReadOnlySpan<double> values)
    {
        byte decimals = 0;
        foreach (var value in values)
            while (!IsWhole(value, decimals))
                if (++decimals > DecimalsMax) return Binary;
        foreach (var value in values) // more decimals than a large value needs can be too many for it
            if (!IsWhole(value, decimals)) return Binary;
        return decimals;
    }

    /// <returns>How many bytes of the buffer were written.</returns>
    public static int Write(SampleRun run, byte decimals, Span<byte> buffer)
    {
        var times = run.Times.Span;
        var values = run.Values.Span;
        var writer = new VarIntWriter(buffer);
        writer.Write((ulong)run.Count);
        writer.WriteSigned(times[0]);
        long difference = 0;
        for (var i = 1; i < times.Length; i++)
        {
            writer.WriteSigned(times[i] - times[i - 1] - difference);
            difference = times[i] - times[i - 1];
        }
        if (decimals == Binary)
        {
            for (var i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteDoubleLittleEndian(buffer[(writer.Length + 8 * i)..], values[i]);
            return writer.Length + 8 * values.Length;
        }
        long last = 0;
        foreach (var value in values)
        {
            var whole = Whole(value, decimals);
            writer.WriteSigned(whole - last);
            last = whole;
        }
        return writer.Length;
    }

    /// <exception cref="SampleChunkBrokenException">The body is not whole, or its times do not ascend.</exception>
    public static SampleRun Read(ReadOnlySpan<byte> body, byte decimals)
    {
        if (decimals is > DecimalsMax and not Binary) throw new SampleChunkBrokenException($"has values of {decimals} decimals");
        var reader = new VarIntReader(body);
        var count = reader.Read();
        if (count is 0 or > SampleChunk.SamplesMax || count > (ulong)body.Length / 2)
            throw new SampleChunkBrokenException($"claims {count} samples in {body.Length} bytes");
        var times = ReadTimes(ref reader, (int)count);
        var values = decimals == Binary ? ReadBinary(ref reader, (int)count) : ReadDecimal(ref reader, (int)count, PowersOfTen[decimals]);
        return new SampleRun(times, values);
    }

    private static long[] ReadTimes(ref VarIntReader reader, int count)
    {
        var times = new long[count];
        times[0] = reader.ReadSigned();
        long difference = 0;
        for (var i = 1; i < count; i++)
        {
            difference = unchecked(difference + reader.ReadSigned());
            times[i] = unchecked(times[i - 1] + difference);
            if (times[i] <= times[i - 1]) throw new SampleChunkBrokenException($"goes back in time at sample {i}");
        }
        return times;
    }

    private static double[] ReadDecimal(ref VarIntReader reader, int count, double powerOfTen)
    {
        var values = new double[count];
        long whole = 0;
        for (var i = 0; i < count; i++)
        {
            whole = unchecked(whole + reader.ReadSigned());
            values[i] = whole / powerOfTen;
        }
        if (!reader.Rest.IsEmpty) throw new SampleChunkBrokenException($"has {reader.Rest.Length} bytes after its last sample");
        return values;
    }

    private static double[] ReadBinary(ref VarIntReader reader, int count)
    {
        if (reader.Rest.Length != 8 * count)
            throw new SampleChunkBrokenException($"has {reader.Rest.Length} bytes for {count} values of 8");
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(reader.Rest[(8 * i)..]);
        return values;
    }

    private static long Whole(double value, byte decimals) => (long)Math.Round(value * PowersOfTen[decimals]);

    private static bool IsWhole(double value, byte decimals) =>
        Math.Abs(value * PowersOfTen[decimals]) < WholeMax
        && BitConverter.DoubleToInt64Bits(Whole(value, decimals) / PowersOfTen[decimals]) == BitConverter.DoubleToInt64Bits(value);
}
