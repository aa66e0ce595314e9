using Hrms.Domain.Ports;
using Hrms.Storage.Content;
using Hrms.Storage.Keys;
using Hrms.TestKit;

namespace Hrms.Storage.Tests;

/// <summary>What an erasure destroys, and that nothing comes back.</summary>
[Trait("Feature", "62")]
public sealed class ErasureTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private static readonly DateTimeOffset Then = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly SystemEntropy _entropy = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Destroy_LeavesTombstones_TakesSaltsAndContentsAlong_AndIsRepeatedQuietly()
    {
        var (ring, erasures, one, two, other) = (Ring(), Erasures(), new TestStream(), new TestStream(), new TestStream());
        await using var journal = Silo(Database);
        var content = TestStream.Content();
        foreach (var stream in new[] { one, two, other })
        {
            await ring.CreateAsync(stream.Id, Cancel);
            await journal.AppendAsync(stream.Next(EntryKind.Change, EntryKind.Access) with { Contents = [content] }, Cancel);
        }
        var leaf = (await journal.FindAsync(one.Id, 1, Cancel))!.Leaf;

        await erasures.DestroyAsync([two.Id, one.Id], Then, Cancel);
        await erasures.DestroyAsync([one.Id, two.Id], Then.AddDays(1), Cancel);

        foreach (var erased in new[] { one, two })
        {
            await Assert.ThrowsAsync<KeyErasedException>(() => ring.FindAsync(erased.Id, Cancel));
            await Assert.ThrowsAsync<KeyErasedException>(() => ring.CreateAsync(erased.Id, Cancel));
            Assert.Null(Assert.Single(await new PostgresContentStore(Database).ReadAsync(erased.Id, [content.Hash], Cancel)));
            var rows = await journal.ReadAsync(erased.Id, 0, null, Cancel).ToListAsync(Cancel);
            Assert.Equal([1, 2, 3], rows.Select(row => row.Version));
            Assert.All(rows, row => Assert.Empty(row.Salt));
        }
        Assert.Equal(leaf, (await journal.FindAsync(one.Id, 1, Cancel))!.Leaf);
        Assert.Equal(2L, await ScalarAsync<long>("select count(*) from owner_key where wrapped is null and erased_at = '2026-03-01 12:00Z'"));
        Assert.NotEmpty((await journal.FindAsync(other.Id, 1, Cancel))!.Salt);
        Assert.NotNull(await ring.FindAsync(other.Id, Cancel));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ExecuteAsync("delete from owner_key"));
    }

    [Fact]
    public async Task Destroy_OfAnOwnerWithoutAKey_StillForbidsOne()
    {
        var (ring, owner) = (Ring(), new TestStream());
        await Erasures().DestroyAsync([owner.Id], Then, Cancel);
        await Assert.ThrowsAsync<KeyErasedException>(() => ring.CreateAsync(owner.Id, Cancel));
        await using var journal = Silo(Database);
        await Assert.ThrowsAsync<JournalConflictException>(() => journal.AppendAsync(owner.Next(), Cancel));
    }

    [Fact]
    public async Task WhoeverStillHoldsTheStream_CanAppendNothingMore_AlsoWhileItIsDestroyed()
    {
        await using var journal = Silo(Database);
        for (var time = 0; time < 25; time++)
        {
            var stream = new TestStream();
            await Ring().CreateAsync(stream.Id, Cancel);
            await stream.AppendAsync(journal);
            var appending = AppendUntilRefusedAsync(journal, stream);
            await Erasures().DestroyAsync([stream.Id], Then, Cancel);
            await appending;
            Assert.All(await journal.ReadAsync(stream.Id, 0, null, Cancel).ToListAsync(Cancel), row => Assert.Empty(row.Salt));
        }
        Assert.Equal(0L, await ScalarAsync<long>("select count(*) from content"));
    }

    [Fact]
    public async Task Begin_IsThePointOfNoReturn_AndARepeatGivesTheSameCertificate()
    {
        var (ring, erasures, owner) = (Ring(), Erasures(), new StreamId(Guid.NewGuid()));
        await ring.CreateAsync(owner, Cancel);
        Assert.False((await ring.FindAsync(owner, Cancel))!.IsEnding);
        Assert.Null(await erasures.FindAsync(owner, Cancel));

        var begun = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Erasures().BeginAsync(owner, Then.AddSeconds(i), Cancel)));

        var first = Assert.Single(begun.Distinct());
        Assert.False(first.IsOver);
        Assert.True((await ring.FindAsync(owner, Cancel))!.IsEnding);
        Assert.Equal([owner], await erasures.UnfinishedAsync(Cancel));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ExecuteAsync("delete from erasure"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ExecuteAsync("update erasure set certificate = owner"));
        await erasures.EndAsync(owner, Then.AddDays(1), Cancel);
        await erasures.EndAsync(owner, Then.AddDays(2), Cancel);
        Assert.Empty(await erasures.UnfinishedAsync(Cancel));
        Assert.Equal(first with { IsOver = true }, await erasures.BeginAsync(owner, Then.AddDays(3), Cancel));
    }

    private async Task AppendUntilRefusedAsync(IJournal journal, TestStream stream)
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                var append = stream.Next() with { Contents = [TestStream.Content()] };
                await journal.AppendAsync(append, Cancel);
                stream.Took(append);
            }
            catch (JournalConflictException)
            {
                return;
            }
        }
    }

    private PostgresKeyRing Ring() => new(Database, new FileKeyVault(_folder["keys/vault.json"], _entropy), _entropy);

    private PostgresErasures Erasures() => new(Database, _entropy);
}
