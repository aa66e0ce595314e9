using System.Diagnostics;
using Hrms.Contracts;
using Hrms.Domain.Samples;
using static Hrms.Domain.Tests.Samples.SampleShelf;

namespace Hrms.Domain.Tests.Samples;

/// <summary>What costs time: days with a sample a second and more. How much is printed, and asserted nowhere: load/README.md has the scenarios whose marks say it. Apart from the others, which a run over mutants repeats thousands of times.</summary>
public class SampleSpeedTests
{
    [Fact, Trait("Feature", "77")]
    public void ADayEachSecond_IsSmallAndItsHourlyViewHasEachHour()
    {
        var pulse = new NoisyPulse(seed: 77);
        var seconds = Enumerable.Range(0, 86_400);
        var day = new SampleRun(seconds.Select(second => At(second)).ToArray(), seconds.Select(_ => pulse.Next()).ToArray());
        var chunk = SampleChunk.Encode(SampleKind.HeartRate, day);
        var (open, reduce) = (Best(() => SampleChunk.Decode(SampleKind.HeartRate, chunk)), Best(() => Hourly(day)));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"86,400 samples: {chunk.Length / 86_400.0:F3} bytes a sample, decoded in {open.TotalMilliseconds:F2} ms, "
            + $"hourly in {reduce.TotalMilliseconds:F2} ms, "
            + $"encoded in {Best(() => SampleChunk.Encode(SampleKind.HeartRate, day)).TotalMilliseconds:F2} ms");

        Assert.Equal(24, Hourly(day).Count);
        Assert.InRange(chunk.Length, 1, 86_400);

        static List<SamplePoint> Hourly(SampleRun run)
        {
            var points = new List<SamplePoint>();
            Downsample.Add(run, SampleResolution.Hour, int.MaxValue, points);
            return points;
        }
    }

    [Fact, Trait("Feature", "76")]
    public void AFullBatch_IsTakenOnce()
    {
        var batch = HeartRates(Enumerable.Range(0, 10_000).Select(second => (At(second), 60.0 + second % 9)));
        var first = Best(() => new SampleShelf().Take(batch));
        var shelf = new SampleShelf();
        shelf.Take(batch);
        var again = Best(() => shelf.Take(batch));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"10,000 samples taken in {first.TotalMilliseconds:F2} ms, known as duplicates in {again.TotalMilliseconds:F2} ms");

        Assert.Equal(10_000, shelf.All(SampleKind.HeartRate).Count);
    }

    [Fact]
    public void ABurstOfAMillionInADay_IsInFullChunksThatAreNotWrittenAgain()
    {
        var shelf = new SampleShelf();
        foreach (var batch in Enumerable.Range(0, 1_000_000).Chunk(SampleLimits.BatchSamplesMax))
            shelf.Take(HeartRates(batch.Select(number => (At(0) + number * 80, 60.0 + number % 5))));

        Assert.Equal(1_000_000, Today(shelf).Sum(chunk => chunk.Count));
        Assert.All(Today(shelf), chunk => Assert.InRange(chunk.Count, 1, SampleChunk.SamplesMax));
        Assert.InRange(shelf.SamplesWritten, 1_000_000, 3_000_000);
        var full = Today(shelf).Where(chunk => chunk.Count >= ChunkPlan.FullSamples).ToList();
        shelf.Take(HeartRates([(At(80_001), 60)]));
        Assert.Empty(full.Except(Today(shelf)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(10_000)]
    public void ADayInBatchesOfAnySize_StaysInFewChunksAndIsWrittenFewTimes(int batchSize)
    {
        var shelf = new SampleShelf();
        const int Seconds = 20_000;
        var chunksMost = 0;
        foreach (var batch in Enumerable.Range(0, Seconds).Chunk(batchSize))
        {
            shelf.Take(HeartRates(batch.Select(second => (At(second), 60.0))));
            chunksMost = Math.Max(chunksMost, Today(shelf).Count);
        }

        Assert.Equal(Seconds, shelf.All(SampleKind.HeartRate).Count);
        Assert.InRange(chunksMost, 1, 4 * (ChunkPlan.FanOut - 1));
        Assert.InRange(shelf.SamplesWritten, Seconds, 5 * Seconds);
    }

    private static IReadOnlyList<ChunkInfo> Today(SampleShelf shelf) => shelf.Book.Of(SampleKind.HeartRate, ChunkInfo.DayOf(SampleKind.HeartRate, At(0)));

    private static TimeSpan Best(Action work) => Enumerable.Range(0, 20).Min(_ =>
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start);
    });

    /// <summary>A heart rate that wanders by a beat now and then, as a wrist sensor reports it.</summary>
    private sealed class NoisyPulse(int seed)
    {
        private readonly Random _random = new(seed);
        private int _rate = 65;

        public double Next() => _rate = Math.Clamp(_rate + (_random.Next(5) == 0 ? _random.Next(-1, 2) : 0), 45, 180);
    }
}
