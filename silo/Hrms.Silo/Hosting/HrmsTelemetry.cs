using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hrms.Silo.Hosting;

/// <summary>
/// Traces and metrics of every part, sent by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector; each host offers the metrics
/// to a scraper, too. Called by every host, the silo's and the API's. Logs hold ids and counts only, and go to the console.
/// </summary>
public static class HrmsTelemetry
{
    private static readonly string[] Sources = ["Hrms.Storage", "Hrms.Ledger", "Hrms.Grains", "Npgsql", "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application"];
    private static readonly string[] Meters = ["Hrms.Storage", "Hrms.Ledger", "Hrms.Grains", "Npgsql", "Microsoft.Orleans"];

    public static void AddHrmsTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Hrms", LogLevel.Information)
            // At every start it reports the machine's uptime as a stall.
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .KeepLibrariesQuiet();
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("hrms"))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddPrometheusExporter());
        // Spans cost each request, collected or not: they are made for a collector only. OTEL_TRACES_SAMPLER says of how many requests.
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.WithTracing(traces => traces.AddSource(Sources).AddAspNetCoreInstrumentation()).UseOtlpExporter();
    }
}
