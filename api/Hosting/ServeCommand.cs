using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using Hrms.Api.Auth;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.GraphQL.PatientKeys;
using Hrms.Api.GraphQL.Schema;
using Hrms.Api.Health;
using Hrms.Api.Identity;
using Hrms.Api.Identity.Keys;
using Hrms.Api.Identity.OAuth;
using Hrms.Domain.Ports;
using Hrms.Silo.Hosting;
using Hrms.Storage.Keys;

namespace Hrms.Api.Hosting;

/// <summary>
/// <c>serve</c>: the API alone, as it runs in production: any number of them in front of silos that run elsewhere, with tokens of an identity server elsewhere, or of its own. It opens no health
/// database and no chain; of PostgreSQL it reads where the silos are.
/// </summary>
public static class ServeCommand
{
    public static Command Create()
    {
        var urls = new Option<string>("--urls") { Description = "The address to listen on.", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
        var command = new Command("serve", "Run the API alone, in front of silos that run elsewhere. Configuration: section Hrms (environment: Hrms__Membership, Hrms__Authority, …).") { urls };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(urls)!, stop));
        return command;
    }

    private static async Task<int> RunAsync(string urls, CancellationToken stop)
    {
        try
        {
            return await RunAsync(HrmsApi.CreateBuilder(urls), stop);
        }
        catch (Exception fault) when (fault is ValidationException or TransportException or ClientsFileException or KeyFileException or KeyFileMismatchException)
        {
            Console.Error.WriteLine(fault.Message);
            return 1;
        }
    }

    private static async Task<int> RunAsync(WebApplicationBuilder builder, CancellationToken stop)
    {
        var options = builder.Configuration.GetSection("Hrms").Get<HrmsApiOptions>() ?? new HrmsApiOptions();
        Validator.ValidateObject(options, new(options), validateAllProperties: true);
        builder.Services.AddSingleton<IHostLifetime, StoppedByCommand>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(options.StopWithinMilliseconds));
        builder.AddHrmsClient(
            options.Membership, options.ClusterId, options.LaneCount, TimeSpan.FromMilliseconds(options.AnswerWithinMilliseconds), options.Tls, options.Plaintext);
        if (options.Identity is { } identity)
        {
            builder.Services.AddHrmsAuth();
            builder.Services.AddSingleton<IEntropy, SystemEntropy>().AddIdentityStorage(identity).AddHrmsIdentity(identity);
        }
        else
        {
            builder.Services.AddHrmsAuth(options.Authority!, options.Audience, options.AuthorityOverTls);
        }
        builder.Services.Configure<GraphQLHttpOptions>(http => http.AllowIntrospection = Introspection.ForOperators);
        builder.Services.AddSingleton(new PatientKeyPages(() => options.PublicUrl ?? options.Identity?.PublicUrl));
        if (options.TrustedDocuments is { } folder)
            builder.Services.Configure<GraphQLHttpOptions>(http => (http.TrustedDocuments, http.RequireTrustedDocuments) = (TrustedDocuments.FromFolder(folder), true));
        await using var app = builder.Build();
        if (options.Identity is not null)
            app.UseHrmsIdentity();
        app.MapHrmsApi();
        if (options.Identity is not null)
            app.MapHrmsIdentity();
        await app.StartOverTlsAsync(stop);
        await app.WhenReadyAsync(stop);
        Console.WriteLine($"HRMS ready: {app.Address().ToString().TrimEnd('/')}");
        await ToldToStopAsync(app, stop);
        app.Services.GetRequiredService<Draining>().Begin();
        await Task.Delay(options.DrainMilliseconds, CancellationToken.None);
        await app.StopAsync(CancellationToken.None);
        return 0;
    }

    /// <summary>By a signal, or by a part of it that can't go on.</summary>
    private static async Task ToldToStopAsync(WebApplication app, CancellationToken stop)
    {
        using var told = CancellationTokenSource.CreateLinkedTokenSource(stop, app.Lifetime.ApplicationStopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, told.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
