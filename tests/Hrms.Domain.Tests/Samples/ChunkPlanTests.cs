using Hrms.Contracts;
using Hrms.Domain.Samples;
using static Hrms.Domain.Tests.Samples.SampleShelf;

namespace Hrms.Domain.Tests.Samples;

public class ChunkPlanTests
{
    private const int DaySeconds = 86_400;

    private readonly SampleShelf _shelf = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(10_000)]
    public void ADayInBatchesOfAnySize_StaysInFewChunksAndIsWrittenFewTimes(int batchSize)
    {
        const int Seconds = 20_000;
        var chunksMost = 0;
        foreach (var batch in Enumerable.Range(0, Seconds).Chunk(batchSize))
        {
            _shelf.Take(HeartRates(batch.Select(second => (At(second), 60.0))));
            chunksMost = Math.Max(chunksMost, Today.Count);
        }

        Assert.Equal(Seconds, _shelf.All(SampleKind.HeartRate).Count);
        Assert.InRange(chunksMost, 1, 4 * (ChunkPlan.FanOut - 1));
        Assert.InRange(_shelf.SamplesWritten, Seconds, 5 * Seconds);
    }

    [Fact]
    public void InOrderBatches_OpenNoChunkToLookForDuplicates()
    {
        for (var batch = 0; batch < ChunkPlan.FanOut - 1; batch++)
            _shelf.Take(HeartRates([(At(batch), 60)]));

        Assert.Equal(0, _shelf.ChunksLoaded);
    }

    [Fact]
    public void ADayThatIsOver_IsOneChunk()
    {
        foreach (var hour in Enumerable.Range(0, 25))
            _shelf.Take(HeartRates([(At(3_600 * hour), 60)]));

        Assert.Equal([24, 1], _shelf.Book.All.OrderBy(chunk => chunk.Day).Select(chunk => chunk.Count));
    }

    [Fact]
    public void ABatchOverMidnight_LeavesTheOldDayInOneChunk()
    {
        _shelf.Take(HeartRates([(At(0), 60)]));
        _shelf.Take(HeartRates([(At(1), 60)]));
        _shelf.Take(HeartRates([(At(DaySeconds - 1), 60), (At(DaySeconds), 61), (At(2 * DaySeconds), 62)]));

        Assert.Equal([3, 1, 1], _shelf.Book.All.OrderBy(chunk => chunk.Day).Select(chunk => chunk.Count));
    }

    [Fact]
    public void AWeightEachMorning_IsAChunkAMonth()
    {
        foreach (var day in Enumerable.Range(0, 100))
            _shelf.Take(Batch((SampleKind.BodyWeight, At(DaySeconds * day), 80, SampleUnit.Kilogram)));

        Assert.Equal([31, 30, 31, 8], _shelf.Book.All.GroupBy(chunk => chunk.Day).OrderBy(month => month.Key).Select(month => month.Sum(chunk => chunk.Count)));
        Assert.Equal([1, 1, 1], _shelf.Book.All.GroupBy(chunk => chunk.Day).OrderBy(month => month.Key).Select(month => month.Count()).Take(3));
        var days = new SampleQuery(SampleKind.BodyWeight, Midnight.AddDays(20), Midnight.AddDays(50), SampleResolution.Day, 100);
        Assert.Equal(Enumerable.Range(20, 30).Select(day => Midnight.AddDays(day)), _shelf.Ask(days).Points.Select(point => point.Time));
    }

    [Fact]
    public void ABurstOfAMillionInADay_IsInFullChunksThatAreNotWrittenAgain()
    {
        foreach (var batch in Enumerable.Range(0, 1_000_000).Chunk(SampleLimits.BatchSamplesMax))
            _shelf.Take(HeartRates(batch.Select(number => (At(0) + number * 80, 60.0 + number % 5))));

        Assert.Equal(1_000_000, Today.Sum(chunk => chunk.Count));
        Assert.All(Today, chunk => Assert.InRange(chunk.Count, 1, SampleChunk.SamplesMax));
        Assert.InRange(_shelf.SamplesWritten, 1_000_000, 3_000_000);
        var full = Today.Where(chunk => chunk.Count >= ChunkPlan.FullSamples).ToList();
        _shelf.Take(HeartRates([(At(80_001), 60)]));
        Assert.Empty(full.Except(Today));
    }

    [Fact]
    public void PartsOfARunAreEvenAndLoseNothing()
    {
        var run = new SampleRun(Enumerable.Range(0, SampleChunk.SamplesMax + 1).Select(i => (long)i).ToArray(), new double[SampleChunk.SamplesMax + 1]);
        var parts = ChunkPlan.Split(run);

        Assert.Equal([65_536, 65_537], parts.Select(part => part.Count));
        Assert.Equal(run.Times.ToArray(), SampleRun.Merge(parts).Times.ToArray());
    }

    private IReadOnlyList<ChunkInfo> Today => _shelf.Book.Of(SampleKind.HeartRate, ChunkInfo.DayOf(SampleKind.HeartRate, At(0)));
}
