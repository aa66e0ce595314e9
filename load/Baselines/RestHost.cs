using System.CommandLine;
using Hrms.Api.Auth;
using Hrms.Api.Hosting;
using Hrms.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Hrms.Load.Baselines;

/// <summary>
/// The embedded system with one endpoint more: the least that a REST API over the same grain could be. Same process, same authentication, same question to the patient's
/// grain, and the JSON written by hand; so what GraphQL adds is all that differs.
/// </summary>
internal static class RestHost
{
    public const string Name = "rest-host";

    public static string Path(Guid patient, string record) => $"/load/patients/{patient:D}/records/{record}";

    /// <summary>Started by <see cref="Running.RunningSystem"/>, in a process of its own.</summary>
    public static Command Create()
    {
        var (data, urls) = (new Option<string>("--data") { Required = true }, new Option<string>("--urls") { Required = true });
        var command = new Command(Name, "The embedded system with a minimal REST endpoint beside it.") { data, urls };
        command.Hidden = true;
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(data)!, parsed.GetValue(urls)!, stop));
        return command;
    }

    private static async Task<int> RunAsync(string data, string urls, CancellationToken stop)
    {
        await using var host = await EmbeddedHost.StartAsync(data, urls, line => Console.WriteLine($"HRMS {line}"), null, stop, app =>
            app.MapGet("/load/patients/{patient:guid}/records/{record:guid}", (Guid patient, Guid record, HttpContext http, IGrainFactory grains) => ReadAsync(patient, record, http, grains)));
        await host.WhenReadyAsync(stop);
        Console.WriteLine($"HRMS ready: {host.Url.ToString().TrimEnd('/')}");
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    private static async Task ReadAsync(Guid patient, Guid record, HttpContext http, IGrainFactory grains)
    {
        if (CurrentAsker.ActorOf(http.User) is null)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        var read = await grains.Grain<IPatientGrain>(patient).ReadAsync(new ReadRecord(CurrentAsker.Of(http.User, null, http.TraceIdentifier), new RecordId(record)));
        if (!read.Succeeded)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var (before, content) = ($$"""{"id":"{{read.Value.Metadata.Id}}","content":""", read.Value.Content);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = before.Length + content.Length + 1;
        await http.Response.WriteAsync(before, http.RequestAborted);
        await http.Response.BodyWriter.WriteAsync(content, http.RequestAborted);
        await http.Response.BodyWriter.WriteAsync("}"u8.ToArray(), http.RequestAborted);
    }
}
