using Hrms.Api.Auth;
using Hrms.Api.Budgets;
using Hrms.Api.Errors;
using Hrms.Api.Fhir.Endpoints;
using Hrms.Api.GraphQL.Schema;
using Hrms.Api.Health;
using Hrms.Api.Ingestion;
using Hrms.Api.Members;
using Hrms.Api.Operations;
using Hrms.Silo.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Hrms.Api.Hosting;

/// <summary>What every API process serves, whether the silo is in the same process or elsewhere.</summary>
internal static class HrmsApi
{
    public static WebApplicationBuilder CreateBuilder(string? urls = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(HrmsApi).Assembly.GetName().Name });
        builder.WebHost.UseKestrelHttpsConfiguration();
        if (urls is not null)
            builder.WebHost.UseUrls(urls);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.AddHrmsTelemetry();
        builder.Services.AddHrmsBudgets().AddHrmsHealth().AddHrmsGraphQL().AddHrmsFhir().AddHrmsIngestion();
        builder.Services.AddSingleton<LooksOfStaff>();
        return builder;
    }

    public static void MapHrmsApi(this WebApplication app)
    {
        app.UseRequestIds();
        app.UseUnavailableAnswers();
        // Before authentication: how somebody shows who they are differs in a WebSocket.
        app.UseWebSockets();
        app.UseAuthentication().UseAuthorization();
        LooksOfStaff.UseOn(app);
        app.MapHrmsHealth();
        app.MapHrmsMemberKeys();
        app.MapHrmsGraphQL();
        app.MapHrmsFhir();
        app.MapHrmsIngestion();
        app.MapHrmsOperations();
    }

    public static Uri Address(this WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Waits until <c>/health/ready</c> answers 200.</summary>
    public static async Task WhenReadyAsync(this WebApplication app, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = app.Address() };
        while (true)
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), stop);
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), stop);
        }
    }
}
