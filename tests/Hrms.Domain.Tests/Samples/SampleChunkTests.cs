using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Samples;

namespace Hrms.Domain.Tests.Samples;

public class SampleChunkTests
{
    private static readonly Gen<double> Value = Gen.OneOf(
        Gen.Int[30, 220].Select(i => (double)i), Gen.Int[-100_000, 100_000].Select(i => i / 100.0), Gen.Double, Gen.Double.Special);

    private static readonly Gen<SampleRun> Run = Gen.Select(
        Gen.Long[-62_135_596_800_000, 253_402_300_799_999],
        Gen.Select(Gen.OneOf(Gen.Const(1_000L), Gen.Long[1, 90_000_000]), Value).Array[1, 300]).Select((start, steps) =>
        {
            var times = steps.Select(step => step.Item1).Aggregate(new List<long> { start }, (all, step) => { all.Add(all[^1] + step); return all; });
            return new SampleRun(times.Take(steps.Length).ToArray(), steps.Select(step => step.Item2).ToArray());
        });

    [Fact]
    public void ARunComesBackBitForBit() => Run.Sample(run =>
    {
        var back = SampleChunk.Decode(SampleKind.HeartRate, SampleChunk.Encode(SampleKind.HeartRate, run));
        Assert.Equal(run.Times.ToArray(), back.Times.ToArray());
        Assert.Equal(run.Values.ToArray().Select(BitConverter.DoubleToInt64Bits), back.Values.ToArray().Select(BitConverter.DoubleToInt64Bits));
    });

    [Fact]
    public void BrokenBytesAreRefusedOrReadAsAWholeRun_AndNothingElseHappens() =>
        Gen.Select(Run, Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 10_000]).Sample((run, place, flip, cut) =>
        {
            var chunk = SampleChunk.Encode(SampleKind.HeartRate, run);
            chunk[place % chunk.Length] ^= flip;
            try
            {
                var back = SampleChunk.Decode(SampleKind.HeartRate, chunk[..^(cut % chunk.Length)]);
                Assert.Equal(back.Times.Length, back.Values.Length);
            }
            catch (SampleChunkBrokenException) { }
        });

    [Fact]
    public void RandomBytesAreRefusedOrReadAsAWholeRun() => Gen.Byte.Array[0, 100].Sample(noise =>
    {
        foreach (byte packing in new byte[] { 0, 1 })
        {
            try
            {
                SampleChunk.Decode(SampleKind.HeartRate, [1, 1, 0, packing, .. noise]);
            }
            catch (SampleChunkBrokenException) { }
        }
    });

    [Fact]
    public void AnotherKindOrFormatOrHalfAChunkIsNamed()
    {
        var chunk = SampleChunk.Encode(SampleKind.Glucose, new SampleRun(new[] { 1L, 2L }, new[] { 5.5, 5.6 }));
        Assert.Contains("is of kind 4, not 1", Refused(SampleKind.HeartRate, chunk));
        Assert.Contains("has format 7", Refused(SampleKind.Glucose, [7, .. chunk[1..]]));
        Assert.Contains("of a body of", Refused(SampleKind.Glucose, chunk[..^1]));
        Assert.Contains("is shorter than its header", Refused(SampleKind.Glucose, []));
    }

    [Fact]
    public void AChunkHasALimit()
    {
        var most = new SampleRun(Enumerable.Range(0, SampleChunk.SamplesMax).Select(i => (long)i).ToArray(), new double[SampleChunk.SamplesMax]);
        Assert.Equal(SampleChunk.SamplesMax, SampleChunk.Decode(SampleKind.Steps, SampleChunk.Encode(SampleKind.Steps, most)).Count);
        var more = new SampleRun(new long[SampleChunk.SamplesMax + 1], new double[SampleChunk.SamplesMax + 1]);
        Assert.Throws<ArgumentException>(() => SampleChunk.Encode(SampleKind.Steps, more));
        Assert.Throws<ArgumentException>(() => SampleChunk.Encode(SampleKind.Steps, new SampleRun(default, default)));
    }

    /// <summary>Chunks of format 1, as is and deflated (by another program): they open in every later version.</summary>
    [Theory]
    [InlineData("010301000E0380F08EEB9467D00F00940F0A0A", 3)]
    [InlineData("010301018001B369F8D0F77A4AFA057E06B2C1147E2E2E61721100", 60)]
    public void YesterdaysBytesAreRead(string hex, int count)
    {
        var back = SampleChunk.Decode(SampleKind.OxygenSaturation, Convert.FromHexString(hex));
        Assert.Equal(Enumerable.Range(0, count).Select(second => SampleShelf.At(second)), back.Times.ToArray());
        Assert.Equal(Enumerable.Range(0, count).Select(second => 97 + second % 3 / 2.0), back.Values.ToArray());
    }

    /// <summary>Format, kind, decimals (255: binary), packing (0: as is), length and body: count, first time, steps, values.</summary>
    [Theory]
    [InlineData("0101000700", "packing 7")]
    [InlineData("0101000002", "of a body of 2")]
    [InlineData("010100000100", "claims 0 samples")]
    [InlineData("010100000302FFFF", "claims 2 samples in 3 bytes")]
    [InlineData("01010A0003010202", "10 decimals")]
    [InlineData("0101FE0003010202", "254 decimals")]
    [InlineData("01010000050202000202", "goes back in time at sample 1")]
    [InlineData("0101000004010202FF", "1 bytes after its last sample")]
    [InlineData("0101FF0003010202", "1 bytes for 1 values of 8")]
    [InlineData("01010000020180", "ends inside a number")]
    [InlineData("010100000C01FFFFFFFFFFFFFFFFFF0202", "over 64 bits")]
    [InlineData("01010000FFFFFFFFFFFFFFFFFF02", "over 64 bits")]
    [InlineData("01010000FFFFFFFFFFFFFFFFFF01", "claims a body of 18446744073709551615 bytes")]
    [InlineData("010100018B80A001", "claims a body of 2621451 bytes")]
    [InlineData("010100018A80A001", "does not inflate to 2621450 bytes")]
    [InlineData("010100010A030000", "does not inflate to 10 bytes")]
    [InlineData("0101000102FFFF", "does not inflate")]
    public void WhatIsNoWholeChunk_IsNamed(string hex, string says) => Assert.Contains(says, Refused(SampleKind.HeartRate, Convert.FromHexString(hex)));

    [Fact]
    public void AFewBytesThatClaimMegabytes_TakeNone()
    {
        var chunk = Convert.FromHexString("010100018A80A001");
        Refused(SampleKind.HeartRate, chunk);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(SampleKind.HeartRate, chunk);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void ABodyIsUnpackedToItsLength_NoShorterAndNoLonger()
    {
        var chunk = SampleChunk.Encode(SampleKind.HeartRate, new SampleRun(Enumerable.Range(0, 100).Select(i => i * 1_000L).ToArray(), new double[100]));
        Assert.Equal((1, 202), (chunk[3], chunk[4] - 128 + 128 * chunk[5]));
        Assert.Contains("does not inflate to 201 bytes", Refused(SampleKind.HeartRate, [.. chunk[..4], 201, .. chunk[5..]]));
        Assert.Contains("does not inflate to 203 bytes", Refused(SampleKind.HeartRate, [.. chunk[..4], 203, .. chunk[5..]]));
    }

    [Theory]
    [InlineData(new[] { 60.0, 61 }, 0)]
    [InlineData(new[] { 36.6, 37 }, 1)]
    [InlineData(new[] { 5.55, 5.5 }, 2)]
    [InlineData(new[] { 0.123456789 }, 9)]
    [InlineData(new[] { 0.1234567891 }, 255)]
    [InlineData(new[] { double.NaN }, 255)]
    [InlineData(new[] { 0.5, 9007199254740991 }, 255)]
    [InlineData(new[] { 9007199254740991.0 }, 0)]
    [InlineData(new[] { 9007199254740992.0 }, 255)]
    [InlineData(new[] { -0.0 }, 255)]
    public void Values_AreKeptInTheFewestDecimalsThatGiveThemBack(double[] values, int decimals)
    {
        var run = new SampleRun(Enumerable.Range(0, values.Length).Select(i => (long)i).ToArray(), values);
        var chunk = SampleChunk.Encode(SampleKind.HeartRate, run);
        Assert.Equal(decimals, chunk[2]);
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), SampleChunk.Decode(SampleKind.HeartRate, chunk).Values.ToArray().Select(BitConverter.DoubleToInt64Bits));
    }

    private static string Refused(SampleKind kind, byte[] chunk) =>
        Assert.Throws<SampleChunkBrokenException>(() => SampleChunk.Decode(kind, chunk)).Message;
}
