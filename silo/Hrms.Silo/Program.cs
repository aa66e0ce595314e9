using System.ComponentModel.DataAnnotations;
using Hrms.Silo.Hosting;

// A silo of its own, for production: `dotnet run --project silo/Hrms.Silo`. Everything comes from the configuration section "Hrms" (environment: Hrms__Postgres=…).
try
{
    var builder = WebApplication.CreateSlimBuilder(args);
    builder.WebHost.UseKestrelHttpsConfiguration();
    var options = builder.Configuration.GetSection("Hrms").Get<HrmsSiloOptions>() ?? new HrmsSiloOptions();
    builder.AddHrmsTelemetry();
    builder.AddHrmsSilo(options);
    builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"], timeout: TimeSpan.FromSeconds(5));

    var app = builder.Build();
    app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
    app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains("ready") });
    // Counts and names of parts; the silo's own port is for the operators' network.
    app.MapPrometheusScrapingEndpoint("/metrics");
    await app.StartOverTlsAsync(default);
    Console.WriteLine($"HRMS silo ready: {app.Urls.First()}");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception fault) when (fault is ValidationException or TransportException)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}
