using System.Diagnostics;
using System.Security.Cryptography;
using Hrms.Embedded.Processes;

namespace Hrms.Embedded.Postgres;

/// <summary>The files of one server: makes them on the first start, and lets in nobody but the holder of the password.</summary>
internal sealed class PostgresCluster(string folder)
{
    /// <summary>The one role and the one database.</summary>
    public const string Name = "hrms";

    /// <summary>The password is the only way in: over TCP on loopback, to our role.</summary>
    private const string HostBasedAccess = "host all hrms 127.0.0.1/32 scram-sha-256\n";

    private readonly UnprivilegedUser? _user = UnprivilegedUser.WhenRoot();

    public string DataDirectory { get; } = Path.Combine(folder, "data");

    private string PasswordFile => Path.Combine(folder, "password");

    /// <summary>Returns the password; makes data, database and password that are not there yet.</summary>
    public async Task<string> PrepareAsync(CancellationToken ct)
    {
        if (!Directory.Exists(DataDirectory))
            await InitializeAsync(ct);
        if (!File.Exists(PasswordFile))
            await SetPasswordAsync(ct);
        return await File.ReadAllTextAsync(PasswordFile, ct);
    }

    public IReadOnlyList<string> ServerCommand(int port, IReadOnlyDictionary<string, string> settings) =>
        AsUser([EmbeddedBinaries.Postgres, "-D", DataDirectory,
            .. PostgresSettings.For(port, settings).SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })]);

    /// <summary>Works in a folder of another name and renames it last: a first start that was cut short begins again.</summary>
    private async Task InitializeAsync(CancellationToken ct)
    {
        var unfinished = DataDirectory + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        PrivateFolder.Create(unfinished);
        _user?.Own(unfinished);
        File.Delete(PasswordFile);
        await RunAsync(
            [EmbeddedBinaries.Initdb, "-D", unfinished, "--username", Name, "--encoding", "UTF8", "--locale", "C", "--data-checksums",
                "--auth", "reject", "--no-instructions"], "", ct);
        await File.WriteAllTextAsync(Path.Combine(unfinished, "pg_hba.conf"), HostBasedAccess, ct);
        await RunAsync([EmbeddedBinaries.Postgres, "--single", "-D", unfinished, "postgres"], $"CREATE DATABASE {Name}\n", ct);
        Directory.Move(unfinished, DataDirectory);
    }

    /// <summary>The file is written after the server knows the password: cut short in between, a new one is made.</summary>
    private async Task SetPasswordAsync(CancellationToken ct)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await RunAsync([EmbeddedBinaries.Postgres, "--single", "-D", DataDirectory, "postgres"], $"ALTER ROLE {Name} PASSWORD '{password}'\n", ct);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var writer = new StreamWriter(PasswordFile, options);
        await writer.WriteAsync(password);
    }

    private async Task RunAsync(IReadOnlyList<string> command, string input, CancellationToken ct)
    {
        var all = AsUser(command);
        var start = new ProcessStartInfo(all[0], all.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        // A single-user server reports a failed statement on standard error and still ends with 0.
        if (process.ExitCode != 0 || (await errors).Contains("ERROR:", StringComparison.Ordinal))
            throw new EmbeddedServiceException(
                $"PostgreSQL's data in {folder} could not be prepared: {Path.GetFileName(command[0])} ended with {process.ExitCode}: {await errors} {await output}");
    }

    private IReadOnlyList<string> AsUser(IReadOnlyList<string> command) =>
        _user is null ? command : [.. _user.Prefix(DataDirectory, command[0]), .. command];
}
