using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Samples;
using static Hrms.Domain.Tests.Samples.SampleShelf;

namespace Hrms.Domain.Tests.Samples;

[Trait("Feature", "76")]
public class SampleIntakeTests
{
    private readonly SampleShelf _shelf = new();

    [Fact]
    public void TheSameBatchTwice_IsOneSet()
    {
        var batch = HeartRates(Enumerable.Range(0, 1_000).Select(second => (At(second), 60.0 + second % 7)));
        Assert.Equal(1_000, _shelf.Take(batch).Stored);
        var book = _shelf.Book;

        var again = _shelf.Take(batch);

        Assert.Equal((0, 1_000), (again.Stored, again.Duplicates));
        Assert.Equal(book.All, _shelf.Book.All);
        Assert.Equal(1_000, _shelf.All(SampleKind.HeartRate).Count);
    }

    [Fact]
    public void AnotherValueForATimeThatIsThere_IsAConflictAndTheFirstStays()
    {
        _shelf.Take(HeartRates([(At(1), 60)]));
        var result = _shelf.Take(HeartRates([(At(1), 61), (At(2), 62), (At(2), 63), (At(2), 62)]));

        Assert.Equal([SampleStatus.Conflict, SampleStatus.Stored, SampleStatus.Conflict, SampleStatus.Duplicate], result.Statuses);
        Assert.Equal([60, 62], _shelf.All(SampleKind.HeartRate).Values.ToArray());
    }

    [Fact]
    public void TheSameMeasurementInTwoUnits_IsADuplicate()
    {
        var result = _shelf.Take(Batch(
            (SampleKind.BodyTemperature, At(1), 37, SampleUnit.DegreeCelsius), (SampleKind.BodyTemperature, At(1), 98.6, SampleUnit.DegreeFahrenheit)));

        Assert.Equal([SampleStatus.Stored, SampleStatus.Duplicate], result.Statuses);
    }

    [Fact]
    public void ABadItemIsRejectedByItsPlace_AndTheOthersAreStored()
    {
        var result = _shelf.Take(Batch(
            (SampleKind.HeartRate, At(1), 60, SampleUnit.PerMinute), (SampleKind.HeartRate, At(2), double.NaN, SampleUnit.PerMinute),
            (SampleKind.Glucose, At(3), 5.5, SampleUnit.Kilogram), (SampleKind.HeartRate, 0, 60, SampleUnit.PerMinute),
            (SampleKind.BloodPressureSystolic, At(1), 120, SampleUnit.MillimetreOfMercury)));

        Assert.Equal(
            [SampleStatus.Stored, SampleStatus.NotANumber, SampleStatus.ForeignUnit, SampleStatus.TimeTooOld, SampleStatus.Stored], result.Statuses);
        Assert.Equal((2, 3), (result.Stored, result.Rejected));
        Assert.Equal(2, _shelf.Book.All.Sum(chunk => chunk.Count));
    }

    /// <summary>A repeat long after is found by time, too, at the first and at the last sample of a chunk that is not merged.</summary>
    [Fact]
    public void OnlyChunksThatMayHoldTheSameTimes_AreOpened()
    {
        _shelf.Take(HeartRates([(At(10), 60), (At(20), 60)]));
        foreach (var (second, opened) in new[] { (9, 0), (10, 1), (15, 2), (20, 3), (21, 3) })
        {
            _shelf.Take(HeartRates([(At(second), 60)]));
            Assert.Equal(opened, _shelf.ChunksLoaded);
        }
        Assert.Equal([9, 10, 15, 20, 21], _shelf.All(SampleKind.HeartRate).Times.ToArray().Select(time => (time - At(0)) / 1_000));
    }

    [Fact]
    public void KindsThatComeMixed_AreAChunkEach()
    {
        _shelf.Take(Batch((SampleKind.HeartRate, At(1), 60, SampleUnit.PerMinute), (SampleKind.BodyWeight, At(2), 80, SampleUnit.Kilogram), (SampleKind.HeartRate, At(3), 61, SampleUnit.PerMinute)));
        Assert.Equal([(SampleKind.HeartRate, 2), (SampleKind.BodyWeight, 1)], _shelf.Book.All.OrderBy(chunk => chunk.From).Select(chunk => (chunk.Kind, chunk.Count)));
    }

    /// <summary>The sixteenth small chunk of a day is merged with the others; a repeat that brings nothing new writes nothing again.</summary>
    [Fact]
    public void ARepeat_WritesNothing_ThoughAMergeWasDue()
    {
        for (var second = 0; second < 15; second++)
            _shelf.Take(HeartRates([(At(second), 60)]));
        var (written, repeat) = (_shelf.SamplesWritten, HeartRates([(At(3), 60)]));
        var due = SampleIntake.Prepare(repeat, _shelf.Book, _shelf.Now).ToLoad;
        Assert.Equal((15, 15), (due.Count, due.Distinct().Count()));
        _shelf.Take(repeat);
        Assert.Equal((written, 15), (_shelf.SamplesWritten, _shelf.Book.All.Count()));
    }

    [Fact]
    public void ADayThatIsOver_IsTidiedWhenItHasTwoChunks_AndLeftWhenItHasOne()
    {
        const int Day = 86_400;
        _shelf.Take(HeartRates([(At(0), 60)]));
        _shelf.Take(HeartRates([(At(Day), 60)]));
        Assert.Equal(2, _shelf.SamplesWritten);
        _shelf.Take(HeartRates([(At(Day + 1), 60)]));
        _shelf.Take(HeartRates([(At(2 * Day), 60)]));
        Assert.Equal([1, 2, 1], _shelf.Book.All.OrderBy(chunk => chunk.Day).Select(chunk => chunk.Count));
        // What comes late for an older day does not make it the newest.
        _shelf.Take(HeartRates([(At(1), 60)]));
        Assert.Equal(DateOnly.FromDateTime(Midnight.AddDays(2).UtcDateTime), _shelf.Book.LatestDay(SampleKind.HeartRate));
    }

    /// <summary>A day that is over with a full chunk beside small ones: the full one is not opened to tidy the others.</summary>
    [Fact]
    public void AFullChunk_IsNotOpened_WhenItsDayIsOver()
    {
        ChunkInfo Chunk(byte number, int count) => new(SampleKind.HeartRate, DateOnly.FromDateTime(Midnight.UtcDateTime), At(0), At(1), count, [number], 1);
        var book = ChunkBook.Empty.Apply([Chunk(1, ChunkPlan.FullSamples), Chunk(2, 5)], []);
        Assert.Equal([5], SampleIntake.Prepare(HeartRates([(At(86_400), 60)]), book, _shelf.Now).ToLoad.Select(chunk => chunk.Count));
    }

    [Fact]
    public void WhoLoadsOtherChunksThanWereAskedFor_IsAtFault()
    {
        _shelf.Take(HeartRates([(At(1), 60)]));
        var intake = SampleIntake.Prepare(HeartRates([(At(1), 60)]), _shelf.Book, _shelf.Now);
        Assert.Single(intake.ToLoad);
        Assert.Throws<ArgumentException>(() => intake.Complete([]));
    }

    [Fact]
    public void ABatchOfNothingGood_ChangesNothing()
    {
        Assert.Equal(1, _shelf.Take(HeartRates([(At(1), double.NaN)])).Rejected);
        Assert.Empty(_shelf.Book.All);
    }

    /// <summary>Whatever the order, the overlaps and the sizes: what is stored is the first value sent for each time, and the answers say
    /// so.</summary>
    [Fact]
    public void AnyBatchesInAnyOrder_StoreTheFirstValueOfEachTime() =>
        Gen.Select(Gen.Int[0, 4].Select(day => day * 86_400), Gen.Int[0, 400], Gen.Int[60, 62]).Array[0, 120].Array[0, 60].Sample(batches =>
        {
            var shelf = new SampleShelf();
            var naive = new SortedDictionary<long, double>();
            foreach (var batch in batches)
            {
                var samples = batch.Select(item => (Time: At(item.Item1 + item.Item2), Value: (double)item.Item3)).ToList();
                var expected = samples.Select(sample =>
                    naive.TryAdd(sample.Time, sample.Value) ? SampleStatus.Stored
                    : naive[sample.Time] == sample.Value ? SampleStatus.Duplicate
                    : SampleStatus.Conflict).ToList();
                Assert.Equal(expected, shelf.Take(HeartRates(samples)).Statuses);
            }
            var all = shelf.All(SampleKind.HeartRate);
            Assert.Equal(naive.Keys, all.Times.ToArray());
            Assert.Equal(naive.Values, all.Values.ToArray());
            Assert.All(shelf.Book.All, chunk => Assert.Equal(chunk.Day, ChunkInfo.DayOf(chunk.Kind, chunk.From)));
            Assert.All(shelf.Book.All, chunk => Assert.Equal(chunk.Day, ChunkInfo.DayOf(chunk.Kind, chunk.To)));
        }, iter: RandomCases.Of(200));
}
