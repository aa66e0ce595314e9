using System.Diagnostics;
using System.Text;
using Hrms.Api.Ingestion;
using Hrms.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using static Hrms.Api.Tests.Ingestion.IngestionTestServer;

namespace Hrms.Api.Tests.Ingestion;

[Trait("Feature", "76")]
public class SampleReaderTests
{
    /// <summary>At row 76's 10,000 samples a second, reading takes a twentieth of one core at most.</summary>
    [Fact]
    public void ReadingIsFarFromBeingTheBottleneck()
    {
        var body = Encoding.UTF8.GetBytes(Body(HeartRates(10_000)));
        var best = TimeSpan.MaxValue;
        long allocated = 0;
        for (var run = 0; run < 30; run++)
        {
            var (start, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            Assert.Null(SampleReader.Read(body, lines: false, default, out var batch));
            var taken = Stopwatch.GetElapsedTime(start);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            best = taken < best ? taken : best;
            Assert.Equal(10_000, batch!.Count);
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"10,000 samples, {body.Length} bytes: {best.TotalMilliseconds:F2} ms = {10_000 / best.TotalSeconds:N0} samples/s, "
            + $"{allocated / 10_000.0:F1} bytes allocated a sample");

        Assert.InRange(10_000 / best.TotalSeconds, 200_000, double.MaxValue);
        Assert.InRange(allocated, 0, 10_000 * 64);
    }

    /// <summary>Whatever the bytes: a batch or a problem, and never an exception.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void BrokenBodiesAreProblemsOrBatches(int seed)
    {
        var random = new Random(seed);
        foreach (var lines in new[] { true, false })
        {
            var whole = Encoding.UTF8.GetBytes(lines ? HeartRates(5, "\n") : Body(HeartRates(5)));
            for (var run = 0; run < 5_000; run++)
            {
                var body = whole[..random.Next(whole.Length + 1)].Concat(whole[random.Next(whole.Length)..]).ToArray();
                for (var flips = random.Next(4); flips > 0; flips--)
                    body[random.Next(body.Length)] = (byte)random.Next(256);
                var problem = SampleReader.Read(body, lines, default, out var batch);
                Assert.True(problem is null == batch is not null);
            }
        }
    }

    /// <summary>What crosses to the grain and back in another process is the same, and small.</summary>
    [Fact]
    public void ABatchAndItsResult_SurviveTheWayToTheGrain()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        Assert.Null(SampleReader.Read(Encoding.UTF8.GetBytes(Body(HeartRates(10_000))), lines: false, default, out var batch));
        var back = serializer.Deserialize<SampleBatch>(serializer.SerializeToArray(batch))!;
        var best = Enumerable.Range(0, 30).Min(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            serializer.Deserialize<SampleBatch>(serializer.SerializeToArray(batch));
            return Stopwatch.GetElapsedTime(start);
        });
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"10,000 samples cross in {serializer.SerializeToArray(batch).Length} bytes and {best.TotalMilliseconds:F1} ms");

        Assert.Equal(batch!.Kinds, back.Kinds);
        Assert.Equal(batch.Times, back.Times);
        Assert.Equal(batch.Values, back.Values);
        Assert.Equal(batch.Units, back.Units);
        Assert.Equal(batch.Fingerprint, back.Fingerprint);
        var page = new SamplePage([new SamplePoint(MemoryIntake.Now, 1, 2, 3, 4)], true);
        Assert.Equal(page.Points, serializer.Deserialize<SamplePage>(serializer.SerializeToArray(page))!.Points);
        var result = new SampleIngestResult([SampleStatus.Stored, SampleStatus.ForeignUnit]);
        Assert.Equal(result.Statuses, serializer.Deserialize<SampleIngestResult>(serializer.SerializeToArray(result))!.Statuses);
    }
}
