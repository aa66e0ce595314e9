using System.Diagnostics;
using System.Reflection;

namespace Hrms.Ledger.Tests.Support;

/// <summary>Runs a script of ours with Node.js.</summary>
internal static class NodeProgram
{
    public static string Checkers => Folder("Checkers");

    public static string Contracts => Folder("LedgerContracts");

    public static async Task<(int Code, string Output, string Errors)> RunAsync(string folder, string script, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    private static string Folder(string name) =>
        typeof(NodeProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == name).Value!;
}
