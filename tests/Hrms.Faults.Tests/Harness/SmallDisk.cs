using System.ComponentModel;
using System.Diagnostics;

namespace Hrms.Faults.Tests.Harness;

/// <summary>A file system of a few megabytes, in memory, which a test may fill. Needs the rights of root and Linux; the test is skipped where it has them not.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _mounted;

    private SmallDisk()
    {
    }

    public string this[string name] => Path.Combine(Root, name);

    private string Root => _folder["disk"];

    private string Filler => this["filler"];

    public static async Task<SmallDisk> CreateAsync(int megabytes)
    {
        var disk = new SmallDisk();
        Directory.CreateDirectory(disk.Root);
        var refused = OperatingSystem.IsLinux() ? await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0755", "tmpfs", disk.Root) : "not Linux";
        disk._mounted = refused is null;
        if (refused is not null)
        {
            await disk.DisposeAsync();
            Assert.Skip($"A small file system is mounted by root alone: {refused}");
        }
        return disk;
    }

    /// <summary>Takes all room that is left.</summary>
    public void Fill()
    {
        using var filler = File.OpenHandle(Filler, FileMode.Create, FileAccess.Write);
        var page = new byte[4_096];
        try
        {
            for (var at = 0L; ; at += page.Length)
                RandomAccess.Write(filler, page, at);
        }
        catch (IOException)
        {
            // full
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            foreach (var log in Directory.EnumerateFiles(Root, "*.log", SearchOption.AllDirectories).ToList())
                File.Copy(log, _folder[$"{Path.GetFileName(Path.GetDirectoryName(log))}-{Path.GetFileName(log)}"]);     // to be searched with the others
            await RunAsync("umount", Root);
        }
        _folder.Dispose();
    }

    /// <returns>Why it was refused; null when it was not.</returns>
    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var said = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : said.Trim();
        }
        catch (Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
