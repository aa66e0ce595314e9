using System.Reflection;
using System.Runtime.InteropServices;

namespace Hrms.Embedded;

/// <summary>
/// Where the programs of the private services are: below <c>eng/embedded/node_modules</c> of the repository this library
/// was built from, or below the folder that <c>HRMS_EMBEDDED_BINARIES</c> names (it holds a <c>node_modules</c> restored
/// from the same lock file).
/// </summary>
public static class EmbeddedBinaries
{
    public const string FolderVariable = "HRMS_EMBEDDED_BINARIES";

    /// <summary>The folder that holds <c>package.json</c> and <c>node_modules</c>.</summary>
    public static string Folder { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen
            ? chosen
            : typeof(EmbeddedBinaries).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(attribute => attribute.Key == "EmbeddedBinaries").Value!);

    public static string Initdb => Program($"@embedded-postgres/{Platform("x64")}/native/bin/initdb");

    public static string Postgres => Program($"@embedded-postgres/{Platform("x64")}/native/bin/postgres");

    public static string Anvil => Program($"@foundry-rs/anvil-{Platform("amd64")}/bin/anvil");

    /// <summary>Null when every program is there, otherwise what is missing and what to do: tests skip with it.</summary>
    public static string? WhyMissing()
    {
        try
        {
            _ = (Initdb, Postgres, Anvil);
            return null;
        }
        catch (EmbeddedServiceException missing)
        {
            return missing.Message;
        }
    }

    private static string Program(string path)
    {
        var program = Path.Combine(Folder, "node_modules", path);
        return File.Exists(program)
            ? program
            : throw new EmbeddedServiceException(
                $"{program} is missing. Build silo/Hrms.Embedded again (it runs npm ci in eng/embedded and needs Node.js), " +
                $"or name a restored folder in {FolderVariable}, or set {EmbeddedServices.PostgresVariable} and " +
                $"{EmbeddedServices.LedgerVariable} to running services.");
    }

    private static string Platform(string x64) => (OperatingSystem.IsLinux(), OperatingSystem.IsMacOS(), RuntimeInformation.ProcessArchitecture) switch
    {
        (true, _, Architecture.X64) => $"linux-{x64}",
        (true, _, Architecture.Arm64) => "linux-arm64",
        (_, true, Architecture.X64) => $"darwin-{x64}",
        (_, true, Architecture.Arm64) => "darwin-arm64",
        _ => throw new EmbeddedServiceException(
            $"No embedded services for {RuntimeInformation.RuntimeIdentifier}: set {EmbeddedServices.PostgresVariable} and " +
            $"{EmbeddedServices.LedgerVariable} to running ones."),
    };
}
