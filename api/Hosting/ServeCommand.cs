using System.CommandLine;
using Hrms.Api.Auth;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.GraphQL.PatientKeys;
using Hrms.Silo.Hosting;

namespace Hrms.Api.Hosting;

/// <summary>
/// <c>serve</c>: the API alone, as it runs in production: any number of them in front of silos that run elsewhere, with tokens of an identity server. It opens no health
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
        var builder = HrmsApi.CreateBuilder(urls);
        var options = builder.Configuration.GetSection("Hrms").Get<HrmsApiOptions>() ?? new HrmsApiOptions();
        System.ComponentModel.DataAnnotations.Validator.ValidateObject(options, new(options), validateAllProperties: true);
        builder.AddHrmsClient(options.Membership, options.ClusterId, options.LaneCount, TimeSpan.FromMilliseconds(options.AnswerWithinMilliseconds));
        builder.Services.AddHrmsAuth(options.Authority, options.Audience, options.AuthorityOverTls);
        builder.Services.AddSingleton(new PatientKeyPages(() => options.PublicUrl));
        if (options.TrustedDocuments is { } folder)
            builder.Services.Configure<GraphQLHttpOptions>(http => (http.TrustedDocuments, http.RequireTrustedDocuments) = (TrustedDocuments.FromFolder(folder), true));
        await using var app = builder.Build();
        app.MapHrmsApi();
        await app.StartAsync(stop);
        await app.WhenReadyAsync(stop);
        Console.WriteLine($"HRMS ready: {app.Address().ToString().TrimEnd('/')}");
        await app.WaitForShutdownAsync(stop);
        return 0;
    }
}
