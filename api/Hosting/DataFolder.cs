using System.CommandLine;

namespace Hrms.Api.Hosting;

/// <summary>Where the embedded mode keeps everything: <c>--data</c>, else <c>HRMS_DATA</c>, else <c>.hrms</c> in the folder it is started from.</summary>
public static class DataFolder
{
    public const string Variable = "HRMS_DATA";

    public static Option<string?> Option() => new("--data") { Description = $"The data folder (or {Variable}); default: .hrms" };

    public static string Resolve(string? named) =>
        Path.GetFullPath(named ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable ? variable : ".hrms"));
}
