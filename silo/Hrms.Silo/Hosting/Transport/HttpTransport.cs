using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Hrms.Silo.Hosting;

/// <summary>Starts a host's server, unless it would serve in the clear beyond this machine.</summary>
public static class HttpTransport
{
    /// <exception cref="TransportException">An address is neither https nor this machine's.</exception>
    public static async Task StartOverTlsAsync(this WebApplication app, CancellationToken stop)
    {
        var allowed = app.Configuration.GetValue<PlaintextPaths>("Hrms:Plaintext");
        Check(Configured(app.Configuration).Concat(app.Urls), allowed);
        await app.StartAsync(stop);
        // Whatever another way to say it was.
        Check(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [], allowed);
    }

    private static void Check(IEnumerable<string> urls, PlaintextPaths allowed)
    {
        foreach (var url in urls)
        {
            if (TransportRules.Http(url, allowed) is { } wrong)
                throw new TransportException(wrong);
        }
    }

    private static IEnumerable<string> Configured(IConfiguration configuration)
    {
        foreach (var url in (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            yield return url;
        foreach (var port in configuration["urls"] is null ? (configuration["http_ports"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [])
            yield return $"http://*:{port}";
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            yield return endpoint["Url"] ?? "";
    }
}

/// <summary>Something would travel in the clear. The message says what, and what to do.</summary>
public sealed class TransportException(string message) : Exception(message);
