using Hrms.Api.GraphQL.Schema;
using Hrms.Api.Health;
using Hrms.Api.Identity;
using Hrms.Api.Identity.OAuth;
using Hrms.Api.Ingestion;
using Hrms.Api.Members;
using Hrms.Api.Operations;
using Hrms.Embedded;
using Hrms.Silo.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Hrms.Api.Hosting;

/// <summary>Runs the API with everything it needs until it is told to stop. Also what the end-to-end tests start.</summary>
public sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly EmbeddedServices _services;
    private readonly WebApplication _app;

    private EmbeddedHost(EmbeddedServices services, WebApplication app) => (_services, _app) = (services, app);

    public IServiceProvider Services => _app.Services;

    public EmbeddedServices Embedded => _services;

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<int> RunAsync(string dataFolder, string urls, CancellationToken stop)
    {
        try
        {
            await using var host = await StartAsync(dataFolder, urls, line => Console.WriteLine($"HRMS {line}"), null, stop);
            await host.WhenReadyAsync(stop);
            Console.WriteLine($"HRMS ready: {host.Url.ToString().TrimEnd('/')}");
            await host._app.WaitForShutdownAsync(stop);
            return 0;
        }
        catch (Exception fault) when (fault is EmbeddedServiceException or ClientsFileException)
        {
            Console.Error.WriteLine(fault.Message);
            return 1;
        }
    }

    public static async Task<EmbeddedHost> StartAsync(
        string dataFolder, string urls, Action<string>? progress = null, Action<WebApplicationBuilder>? configure = null, CancellationToken stop = default)
    {
        var services = await EmbeddedServices.StartAsync(dataFolder, progress, ct: stop);
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(EmbeddedHost).Assembly.GetName().Name });
            builder.WebHost.UseKestrelHttpsConfiguration().UseUrls(urls);
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
            builder.AddHrmsTelemetry();
            builder.AddEmbedded(services, dataFolder);
            builder.Services.AddHrmsHealth().AddHrmsGraphQL().AddHrmsIngestion();
            configure?.Invoke(builder);
            var app = builder.Build();
            app.UseHrmsIdentity();
            app.UseAuthentication().UseAuthorization();
            app.UseWebSockets();
            app.MapHrmsHealth();
            app.MapHrmsMemberKeys();
            app.MapHrmsIdentity();
            app.MapHrmsGraphQL();
            app.MapHrmsIngestion();
            app.MapHrmsOperations();
            progress?.Invoke("Starting the silo and the API");
            await app.StartAsync(stop);
            return new EmbeddedHost(services, app);
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until <c>/health/ready</c> answers 200.</summary>
    public async Task WhenReadyAsync(CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = Url };
        while (true)
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), stop);
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        finally
        {
            await _services.DisposeAsync();
        }
    }
}
