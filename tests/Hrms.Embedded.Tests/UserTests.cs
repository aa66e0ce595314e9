using System.Diagnostics;
using Hrms.TestKit;

namespace Hrms.Embedded.Tests;

/// <summary>As root, and as an ordinary user.</summary>
public sealed class UserTests : IDisposable
{
    /// <summary>The system's user "daemon": stands for an ordinary user, since it has a name and no rights.</summary>
    private const string OrdinaryUser = "1";

    private readonly TemporaryFolder _folder = new();

    public UserTests() => EmbeddedPrograms.SkipWhenMissing();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Server_NeverRunsAsRoot()
    {
        await using var server = await EmbeddedPostgres.StartAsync(new() { Folder = _folder["postgres"] });
        Assert.NotEqual("0", await StatusAsync(server.ProcessId, "Uid"));
    }

    [Fact]
    public async Task AsRoot_InAFolderThatOthersCanEnter_TheServerHasNoRightOfRoot()
    {
        SkipUnlessRoot();
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        SkipUnlessOpenToOthers(EmbeddedBinaries.Folder);
        await using var server = await EmbeddedPostgres.StartAsync(new() { Folder = _folder["postgres"] });
        Assert.Equal("0000000000000000", await StatusAsync(server.ProcessId, "CapEff"));
    }

    [Fact]
    public async Task AsRoot_InAFolderClosedToOthers_TheServerMayReadPastItAndNothingElse()
    {
        SkipUnlessRoot();
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(_folder.Path));
        await using var server = await EmbeddedPostgres.StartAsync(new() { Folder = _folder["postgres"] });
        Assert.Contains(await StatusAsync(server.ProcessId, "CapEff"), (string[])["0000000000000004", "0000000000000002"]);
    }

    [Fact]
    public async Task AsOrdinaryUser_BothServicesRunAndStop()
    {
        SkipUnlessRoot();
        SkipUnlessOpenToOthers(AppContext.BaseDirectory);
        SkipUnlessOpenToOthers(EmbeddedBinaries.Folder);
        SkipUnlessOpenToOthers(OwnerProcess.Dotnet);
        using (var chown = Process.Start("chown", [OrdinaryUser, _folder.Path]))
            await chown.WaitForExitAsync();

        string[] asOrdinaryUser = ["setpriv", $"--reuid={OrdinaryUser}", $"--regid={OrdinaryUser}", "--clear-groups"];
        var home = new Dictionary<string, string> { ["HOME"] = _folder.Path };
        using var owner = await OwnerProcess.StartAsync(_folder["data"], asOrdinaryUser, home);
        foreach (var id in owner.Services.Processes)
            Assert.Equal(OrdinaryUser, await StatusAsync(id, "Uid"));
        Assert.Equal("1", await Sql.RunAsync(owner.Services.PostgresConnectionString, "SELECT '1'"));
        Assert.Equal(0, await Rpc.NumberAsync(owner.Services.LedgerRpcUrls[0], "eth_blockNumber"));
        await owner.StopAsync();
        await owner.ServicesEndAsync();
    }

    private static void SkipUnlessRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "Needs to run as root.");

    private static void SkipUnlessOpenToOthers(string path)
    {
        for (var folder = Directory.GetParent(path); folder is not null; folder = folder.Parent)
            Assert.SkipUnless(folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute), $"Other users can't enter {folder}.");
    }

    /// <summary>The first value of a line of /proc/(id)/status: the real user id, the effective capabilities.</summary>
    private static async Task<string> StatusAsync(int processId, string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");
        var lines = await File.ReadAllLinesAsync($"/proc/{processId}/status");
        return lines.Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split('\t')[1];
    }
}
