using System.ComponentModel.DataAnnotations;
using Hrms.Api.Identity;
using Hrms.Api.Identity.Keys;
using Hrms.Api.Identity.OAuth;
using Hrms.Embedded;
using Hrms.Silo.Hosting;
using Hrms.Storage.Keys;

namespace Hrms.Api.Hosting;

/// <summary>Runs the API with everything it needs until it is told to stop. Also what the end-to-end tests start.</summary>
public sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly EmbeddedServices _services;
    private readonly WebApplication _app;

    private EmbeddedHost(EmbeddedServices services, WebApplication app) => (_services, _app) = (services, app);

    public IServiceProvider Services => _app.Services;

    public EmbeddedServices Embedded => _services;

    public Uri Url => _app.Address();

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
        catch (Exception fault) when (fault is EmbeddedServiceException or ClientsFileException or TransportException or ValidationException or KeyFileException or KeyFileMismatchException)
        {
            Console.Error.WriteLine(fault.Message);
            return 1;
        }
    }

    /// <param name="serveBeside">Maps endpoints of the caller's own, behind the same authentication.</param>
    public static async Task<EmbeddedHost> StartAsync(
        string dataFolder, string urls, Action<string>? progress = null, Action<WebApplicationBuilder>? configure = null, CancellationToken stop = default,
        Action<WebApplication>? serveBeside = null)
    {
        var services = await EmbeddedServices.StartAsync(dataFolder, progress, ct: stop);
        try
        {
            var builder = HrmsApi.CreateBuilder(urls);
            builder.AddEmbedded(services, dataFolder);
            configure?.Invoke(builder);
            var app = builder.Build();
            app.UseHrmsIdentity();
            app.MapHrmsApi();
            app.MapHrmsIdentity();
            serveBeside?.Invoke(app);
            progress?.Invoke("Starting the silo and the API");
            await app.StartOverTlsAsync(stop);
            return new EmbeddedHost(services, app);
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until <c>/health/ready</c> answers 200.</summary>
    public Task WhenReadyAsync(CancellationToken stop) => _app.WhenReadyAsync(stop);

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
