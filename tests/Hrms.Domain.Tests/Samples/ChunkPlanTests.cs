using Hrms.Contracts;
using Hrms.Domain.Samples;
using static Hrms.Domain.Tests.Samples.SampleShelf;

namespace Hrms.Domain.Tests.Samples;

public class ChunkPlanTests
{
    private const int DaySeconds = 86_400;

    private readonly SampleShelf _shelf = new();

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

    [Theory]
    [InlineData(1, 0), InlineData(15, 0), InlineData(16, 1), InlineData(255, 1), InlineData(256, 2), InlineData(4_096, 3), InlineData(65_535, 3), InlineData(65_536, 4)]
    public void ATier_HasSixteenTimesTheSamplesOfTheOneBefore(int count, int tier) => Assert.Equal(tier, ChunkPlan.Tier(count));

    [Fact]
    public void TheSixteenthChunkOfATier_MergesThem_AndSmallerOnesComeAlong()
    {
        Assert.Empty(ChunkPlan.ToMerge(Chunks(14, 1), 1));
        Assert.Equal(15, ChunkPlan.ToMerge(Chunks(15, 1), 1).Count);
        Assert.Empty(ChunkPlan.ToMerge(Chunks(15, 1), 16));
        Assert.Equal(18, ChunkPlan.ToMerge([.. Chunks(15, 16), .. Chunks(3, 1)], 16).Count);
        // Fifteen of one make a sixteenth of sixteen, which merges those.
        Assert.Equal(30, ChunkPlan.ToMerge([.. Chunks(15, 1), .. Chunks(15, 16)], 1).Count);
    }

    [Fact]
    public void AFullChunk_StaysAsItIs()
    {
        ChunkInfo[] day = [.. Chunks(20, ChunkPlan.FullSamples), .. Chunks(1, ChunkPlan.FullSamples - 1)];

        Assert.Empty(ChunkPlan.ToMerge(Chunks(20, ChunkPlan.FullSamples), ChunkPlan.FullSamples));
        Assert.Empty(ChunkPlan.ToMerge(Chunks(20, ChunkPlan.FullSamples - 1), ChunkPlan.FullSamples));
        Assert.Equal(day[^1..], ChunkPlan.ToClose(day));
    }

    private static ChunkInfo[] Chunks(int number, int count) =>
        [.. Enumerable.Range(0, number).Select(i => new ChunkInfo(SampleKind.HeartRate, new DateOnly(2026, 3, 1), i, i, count, [(byte)i], 1))];

    [Fact]
    public void PartsOfARunAreEvenAndLoseNothing()
    {
        var run = new SampleRun(Enumerable.Range(0, SampleChunk.SamplesMax + 1).Select(i => (long)i).ToArray(), new double[SampleChunk.SamplesMax + 1]);
        var parts = ChunkPlan.Split(run);

        Assert.Equal([65_536, 65_537], parts.Select(part => part.Count));
        Assert.Equal(SampleChunk.SamplesMax, Assert.Single(ChunkPlan.Split(run.Slice(0, SampleChunk.SamplesMax))).Count);
        Assert.Equal(run.Times.ToArray(), SampleRun.Merge(parts).Times.ToArray());
    }
}
