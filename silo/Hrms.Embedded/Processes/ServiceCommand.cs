namespace Hrms.Embedded.Processes;

/// <summary>How a service is run and stopped.</summary>
internal sealed record ServiceCommand
{
    /// <summary>The name in messages: "PostgreSQL", "The EVM node".</summary>
    public required string Name { get; init; }

    /// <summary>Holds the log, the pid file and the service's own data.</summary>
    public required string Folder { get; init; }

    /// <summary>Program and arguments.</summary>
    public required IReadOnlyList<string> CommandLine { get; init; }

    /// <summary>The signal that makes the service save its data and end: INT or TERM.</summary>
    public required string StopSignal { get; init; }

    /// <summary>How long the service has to finish what it was asked last before it gets the signal.</summary>
    public double StopGraceSeconds { get; init; }

    /// <summary>A file that the service leaves when it stops cleanly, and the name under which it is then kept.</summary>
    public (string Left, string Kept)? KeptFile { get; init; }

    public string LogFile => Path.Combine(Folder, "server.log");

    public string PidFile => Path.Combine(Folder, "service.pid");
}
