using System.Text;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;
using Hrms.Storage.Keys;
using Hrms.TestKit;

namespace Hrms.Storage.Tests;

public sealed class KeyTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private readonly TemporaryFolder _folder = new();
    private readonly SystemEntropy _entropy = new();

    private string KeyPath => _folder["keys/vault.json"];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Create_Twice_GivesTheSameKeyAlsoToAnotherSilo()
    {
        var (here, there, owner) = (Ring(), Ring(), new StreamId(Guid.NewGuid()));
        Assert.Null(await here.FindAsync(owner, Cancel));

        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? here : there).CreateAsync(owner, Cancel)));

        Assert.Single(keys.Select(key => (key.KeyId, Convert.ToHexString(key.Key))).Distinct());
        Assert.Equal(keys[0].Key, (await there.FindAsync(owner, Cancel))!.Key);
    }

    [Fact]
    [Trait("Fault", "F29")]
    public async Task WrappedKeys_SwappedBetweenOwnersOrChanged_DoNotOpen()
    {
        var (ring, one, two) = (Ring(), new StreamId(Guid.NewGuid()), new StreamId(Guid.NewGuid()));
        await ring.CreateAsync(one, Cancel);
        await ring.CreateAsync(two, Cancel);
        await ExecuteAsync(
            """
            update owner_key set key_id = other.key_id, wrapped = other.wrapped
            from owner_key other where other.owner <> owner_key.owner
            """);

        await Assert.ThrowsAsync<SealBrokenException>(() => ring.FindAsync(one, Cancel));
        await Assert.ThrowsAsync<SealBrokenException>(() => ring.FindAsync(two, Cancel));
    }

    [Fact]
    public async Task Rotation_KeepsOldKeysReadableAndRewrapMovesAllOfThemOnce()
    {
        var vault = new FileKeyVault(KeyPath, _entropy);
        var ring = new PostgresKeyRing(Database, vault, _entropy);
        var owners = Enumerable.Range(0, 12).Select(_ => new StreamId(Guid.NewGuid())).ToArray();
        foreach (var owner in owners)
            await ring.CreateAsync(owner, Cancel);
        var erased = new StreamId(Guid.NewGuid());
        await ring.CreateAsync(erased, Cancel);
        await new PostgresErasures(Database, _entropy).DestroyAsync([erased], DateTimeOffset.UnixEpoch, Cancel);
        var before = await Task.WhenAll(owners.Select(owner => ring.FindAsync(owner, Cancel)));
        var otherSilo = Ring();

        vault.Rotate();
        Assert.Equal(12, await ring.RewrapAsync(Cancel));
        Assert.Equal(0, await ring.RewrapAsync(Cancel));

        var after = await Task.WhenAll(owners.Select(owner => otherSilo.FindAsync(owner, Cancel)));
        Assert.Equal(before.Select(key => Convert.ToHexString(key!.Key)), after.Select(key => Convert.ToHexString(key!.Key)));
        Assert.Equal(vault.CurrentKeyId, await ScalarAsync<string>("select min(vault_key_id) from owner_key where wrapped is not null"));
    }

    [Fact]
    public async Task KeyOfAnotherFile_IsNamedAndNotReplaced()
    {
        var owner = new StreamId(Guid.NewGuid());
        await Ring().CreateAsync(owner, Cancel);
        var other = new PostgresKeyRing(Database, new FileKeyVault(_folder["other.json"], _entropy), _entropy);
        var fault = await Assert.ThrowsAsync<KeyFileException>(() => other.CreateAsync(owner, Cancel));
        Assert.Contains("does not hold key", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.UserExecute)]
    public void KeyFile_ThatOthersMayRead_IsRefused(UnixFileMode looser)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are Unix's.");
            return;
        }
        _ = new FileKeyVault(KeyPath, _entropy);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | looser);

        var fault = Assert.Throws<KeyFileException>(() => new FileKeyVault(KeyPath, _entropy));
        Assert.Contains("chmod 600", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"current":"a","keys":{}}""")]
    [InlineData("""{"current":"a","keys":{"a":"AAAA"}}""")]
    [InlineData("""{"current":"a","keys":{"a":null}}""")]
    public void KeyFile_ThatIsBroken_IsNamedAndLeftAlone(string content)
    {
        _ = new FileKeyVault(KeyPath, _entropy);
        File.WriteAllText(KeyPath, content);
        Assert.Contains(KeyPath, Assert.Throws<KeyFileException>(() => new FileKeyVault(KeyPath, _entropy)).Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(KeyPath));
    }

    [Fact]
    public async Task KeyFile_MadeByManyAtOnce_IsOne()
    {
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(KeyPath)!).FullName;
        for (var time = 0; time < 200; time++)
        {
            File.Delete(KeyPath);
            using var start = new Barrier(16);
            var vaults = await Task.WhenAll(Enumerable.Range(0, start.ParticipantCount).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return new FileKeyVault(KeyPath, new SystemEntropy()).CurrentKeyId;
                },
                Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.Single(vaults.Distinct());
        }
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact, Trait("Feature", "55")]
    public async Task DatabaseDump_HoldsNoPlaintextKey()
    {
        var (ring, owner) = (Ring(), new StreamId(Guid.NewGuid()));
        var key = await ring.CreateAsync(owner, Cancel);
        var row = await ScalarAsync<string>("select owner_key::text from owner_key");
        Assert.DoesNotContain(Convert.ToHexStringLower(key.Key), row, StringComparison.Ordinal);
        Assert.DoesNotContain(Encoding.ASCII.GetString(key.Key), row, StringComparison.Ordinal);
    }

    private PostgresKeyRing Ring() => new(Database, new FileKeyVault(KeyPath, _entropy), _entropy);
}
