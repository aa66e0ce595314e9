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

    private static string Refused(SampleKind kind, byte[] chunk) =>
        Assert.Throws<SampleChunkBrokenException>(() => SampleChunk.Decode(kind, chunk)).Message;
}
