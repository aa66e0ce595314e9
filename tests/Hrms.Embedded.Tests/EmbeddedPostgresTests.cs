using Hrms.TestKit;
using Npgsql;

namespace Hrms.Embedded.Tests;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EmbeddedPostgresTests() => EmbeddedPrograms.SkipWhenMissing();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CleanStopAndStart_KeepsDataAndPassword()
    {
        await using (var first = await StartAsync())
            await Sql.RunAsync(first.ConnectionString, "CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')");
        await using var second = await StartAsync();
        Assert.Equal("kept", await Sql.RunAsync(second.ConnectionString, "SELECT text FROM note"));
    }

    [Fact]
    public async Task Killed_ComesBackWithEveryCommittedRow()
    {
        await using var server = await StartAsync();
        await Sql.RunAsync(server.ConnectionString, "CREATE TABLE note (text text); INSERT INTO note VALUES ('committed')");
        await server.KillAsync();
        Assert.True(server.Exited.IsCompleted);
        await server.RestartAsync();
        Assert.Equal("committed", await Sql.RunAsync(server.ConnectionString, "SELECT text FROM note"));
    }

    [Fact]
    public async Task SecondOwnerOfTheFolder_IsRefusedByName()
    {
        await using var first = await StartAsync();
        var refused = await Assert.ThrowsAsync<EmbeddedServiceException>(StartAsync);
        Assert.Contains(_folder["postgres"], refused.Message, StringComparison.Ordinal);
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherPassword_IsRefused()
    {
        await using var server = await StartAsync();
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess" }.ConnectionString;
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Sql.RunAsync(wrong, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder["postgres"], "password")));
    }

    [Fact]
    public async Task Server_ListensOnLoopbackOnly()
    {
        await using var server = await StartAsync();
        Assert.Equal(["127.0.0.1"], ListeningAddresses.OfPort(server.Port));
        Assert.Equal("", await Sql.RunAsync(server.ConnectionString, "SHOW unix_socket_directories"));
    }

    [Fact]
    public async Task Durability_IsOn()
    {
        await using var server = await StartAsync();
        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes", "data_checksums"])
            Assert.Equal("on", await Sql.RunAsync(server.ConnectionString, $"SHOW {setting}"));
        Assert.Equal("UTF8", await Sql.RunAsync(server.ConnectionString, "SHOW server_encoding"));
    }

    [Fact]
    public async Task PidFileOfAKilledServer_WhoseIdAnotherProcessHasNow_DoesNotBlockTheStart()
    {
        await using (await StartAsync())
        {
        }
        await File.WriteAllTextAsync(Path.Combine(_folder["postgres"], "data", "postmaster.pid"), $"{Environment.ProcessId}\n");
        await File.WriteAllTextAsync(Path.Combine(_folder["postgres"], "service.pid"), $"{Environment.ProcessId}\n");
        await using var server = await StartAsync();
        Assert.Equal("1", await Sql.RunAsync(server.ConnectionString, "SELECT '1'"));
    }

    [Fact]
    public async Task SettingOfTheCaller_ReplacesOurs()
    {
        await using var server = await EmbeddedPostgres.StartAsync(
            new() { Folder = _folder["postgres"], Settings = new Dictionary<string, string> { ["max_connections"] = "17" } });
        Assert.Equal("17", await Sql.RunAsync(server.ConnectionString, "SHOW max_connections"));
    }

    [Fact]
    public async Task UnknownSetting_IsNamedInTheError()
    {
        var settings = new Dictionary<string, string> { ["no_such_setting"] = "1" };
        var refused = await Assert.ThrowsAsync<EmbeddedServiceException>(
            () => EmbeddedPostgres.StartAsync(new() { Folder = _folder["postgres"], Settings = settings }));
        Assert.Contains("no_such_setting", refused.Message, StringComparison.Ordinal);
    }

    private Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(new() { Folder = _folder["postgres"] });
}
