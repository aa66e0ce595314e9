using System.Text.Json;

namespace Hrms.Load.Reports;

/// <summary>The report for a program: the same records, as JSON.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task WriteAsync(LoadReport report, FileInfo file, CancellationToken stop)
    {
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, report, Options, stop);
    }
}
