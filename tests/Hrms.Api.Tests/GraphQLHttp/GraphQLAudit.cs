using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Hrms.Api.Tests.GraphQLHttp;

/// <summary>
/// Runs the public audit suite of the npm package <c>graphql-http</c> with node against a running endpoint and says what it found.
/// Used here for the transport alone and by the tests of the product's schema.
/// </summary>
public static class GraphQLAudit
{
    /// <summary>One audit: its id and title in the suite, <c>ok</c> or how serious a failure is, and why.</summary>
    public sealed record Finding(string Id, string Name, string Status, string? Reason);

    /// <summary>Runs all audits. Throws when node itself fails, with what it printed.</summary>
    /// <param name="url">The endpoint.</param>
    /// <param name="bearerToken">Sent with every request, when given; its owner must be allowed to introspect.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(string url, string? bearerToken = null)
    {
        var folder = typeof(GraphQLAudit).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(entry => entry.Key == "GraphQLAuditFolder").Value!;
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string?[])["run.mjs", url, bearerToken])
            if (argument is not null)
                start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0
            ? JsonSerializer.Deserialize<List<Finding>>(output, JsonSerializerOptions.Web)!
            : throw new InvalidOperationException($"node run.mjs {url} ended with {node.ExitCode}: {await errors}");
    }
}
