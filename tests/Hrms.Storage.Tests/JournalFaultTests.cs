using Hrms.Domain.Ports;
using Hrms.TestKit;
using Npgsql;

namespace Hrms.Storage.Tests;

/// <summary>What callers are told when the way to PostgreSQL fails: the truth, or that it is not known.</summary>
public sealed class JournalFaultTests(PostgresFixture postgres) : StorageTest(postgres)
{
    [Theory, Trait("Feature", "76")]
    [InlineData(CuttingProxy.Moment.WhenTheReplyArrives)]
    [InlineData(CuttingProxy.Moment.WhenTheRequestWasForwarded)]
    [Trait("Fault", "F27")]
    public async Task Append_WhoseAnswerIsLost_IsAskedForAndThereOnce(CuttingProxy.Moment moment)
    {
        await using var proxy = Proxy();
        await using var throughProxy = DataSource(Through(proxy));
        await using var journal = Silo(throughProxy, options => options.Writers = 1);
        var (warm, streams) = (new TestStream(), Enumerable.Range(0, 20).Select(_ => new TestStream()).ToArray());
        await warm.AppendAsync(journal);
        for (var round = 1; round <= 10; round++)
        {
            proxy.CutNext(moment);
            await Task.WhenAll(streams.Select(stream => stream.AppendAsync(journal, EntryKind.Change, EntryKind.Access)));
            Assert.Equal(round, proxy.Cuts);
        }

        Assert.Equal(1 + (20 * 20), await ScalarAsync<long>("select count(*) from journal"));
        await using var direct = Silo(Database);
        foreach (var stream in streams)
            Assert.Equal(Convert.ToHexString(stream.Head), Convert.ToHexString((await direct.HeadAsync(stream.Id, Cancel)).Leaf));
    }

    [Fact]
    public async Task Append_WhoseAnswerIsLost_WhileAnotherSiloWasFaster_IsAConflict()
    {
        await using var proxy = Proxy();
        await using var throughProxy = DataSource(Through(proxy));
        await using var journal = Silo(throughProxy, options => options.Writers = 1);
        await using var faster = Silo(Database);
        var (stream, warm) = (new TestStream(), new TestStream());
        await warm.AppendAsync(journal);
        var late = stream.Next();
        await stream.AppendAsync(faster);
        proxy.CutNext(CuttingProxy.Moment.WhenTheReplyArrives);

        await Assert.ThrowsAsync<JournalConflictException>(() => journal.AppendAsync(late, Cancel));
        Assert.Equal(1, proxy.Cuts);
    }

    [Fact]
    public async Task Append_WhilePostgresIsOutOfReach_EndsWithinItsBoundAndWorksAgainAfterwards()
    {
        await using var proxy = Proxy();
        await using var throughProxy = DataSource(Through(proxy));
        await using var journal = Silo(throughProxy, options => (options.Writers, options.UnavailableAfter) = (1, TimeSpan.FromSeconds(1)));
        var (before, during) = (new TestStream(), new TestStream());
        await before.AppendAsync(journal);
        proxy.Down = true;

        await Assert.ThrowsAsync<JournalUnavailableException>(() => during.AppendAsync(journal));
        // The outage is known now: the next caller does not wait for the whole bound again, and is not told anything wrong either.
        await Assert.ThrowsAsync<JournalUnavailableException>(() => during.AppendAsync(journal));
        proxy.Down = false;
        await during.AppendAsync(journal);
        await before.AppendAsync(journal);

        Assert.Equal(3, await ScalarAsync<long>("select count(*) from journal"));
    }

    [Fact]
    public async Task Queue_WhenFull_SaysBusyAtOnceAndTakesMoreWhenItHasRoom()
    {
        await using var journal = Silo(Database, options => (options.Writers, options.QueueLimit) = (1, 4));
        await using var blocker = await Database.OpenConnectionAsync(Cancel);
        await using var locked = await blocker.BeginTransactionAsync(Cancel);
        await using (var command = new NpgsqlCommand("lock table journal in access exclusive mode", blocker))
            await command.ExecuteNonQueryAsync(Cancel);
        var waiting = Enumerable.Range(0, 4).Select(_ => new TestStream().AppendAsync(journal)).ToArray();

        var busy = await Assert.ThrowsAsync<JournalBusyException>(() => new TestStream().AppendAsync(journal));
        Assert.Contains("4", busy.Message, StringComparison.Ordinal);
        Assert.All(waiting, append => Assert.False(append.IsCompleted));
        await locked.RollbackAsync(Cancel);
        await Task.WhenAll(waiting);
        await new TestStream().AppendAsync(journal);

        Assert.Equal(5, await ScalarAsync<long>("select count(*) from journal"));
    }

    [Fact]
    public async Task Drain_WritesWhatIsQueuedAndTakesNothingMore()
    {
        var journal = Silo(Database);
        var appends = Enumerable.Range(0, 300).Select(_ => new TestStream().AppendAsync(journal)).ToArray();

        await journal.DrainAsync();

        Assert.All(appends, append => Assert.True(append.IsCompletedSuccessfully || !append.IsCompleted));
        await Task.WhenAll(appends);
        Assert.Equal(300, await ScalarAsync<long>("select count(*) from journal"));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => new TestStream().AppendAsync(journal));
    }

    [Fact]
    public async Task Refusal_OfOneAppendByTheServer_DoesNotHarmTheOthers()
    {
        await ExecuteAsync("alter table journal add constraint test_refuses check (kind <> 2)");
        await using var journal = Silo(Database, options => options.Writers = 1);
        var good = Enumerable.Range(0, 20).Select(_ => new TestStream().AppendAsync(journal)).ToArray();
        var bad = new TestStream().AppendAsync(journal, EntryKind.Access);

        var fault = await Assert.ThrowsAsync<JournalUnavailableException>(() => bad);
        await Task.WhenAll(good);

        Assert.Contains(PostgresErrorCodes.CheckViolation, fault.Message, StringComparison.Ordinal);
        Assert.Equal(20, await ScalarAsync<long>("select count(*) from journal"));
    }

    [Fact]
    public async Task Cancel_EndsTheWaitOnly()
    {
        await using var journal = Silo(Database);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => journal.AppendAsync(new TestStream().Next(), cancelled.Token));
        Assert.Equal(0, await ScalarAsync<long>("select count(*) from journal"));
    }
}
