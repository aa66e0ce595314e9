using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hrms.Ledger.Tests.Rpc;

/// <summary>Answers as told, for what a real node does not do on demand.</summary>
internal sealed class ScriptedNode : IAsyncDisposable
{
    private readonly WebApplication _server;

    private ScriptedNode(WebApplication server) => _server = server;

    public Uri Url => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public int Calls { get; private set; }

    /// <summary>What the last call said of who makes it.</summary>
    public string Authorization { get; private set; } = "";

    /// <param name="answer">Gets the request's id and gives status and body; a null body never answers.</param>
    public static async Task<ScriptedNode> StartAsync(Func<string, (int Status, string? Body)> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = builder.Build();
        var node = new ScriptedNode(server);
        server.Run(async context =>
        {
            node.Calls++;
            node.Authorization = context.Request.Headers.Authorization.ToString();
            using var request = await System.Text.Json.JsonDocument.ParseAsync(context.Request.Body);
            var (status, body) = answer(request.RootElement.GetProperty("id").GetRawText());
            if (body is null)
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body ?? "");
        });
        await server.StartAsync();
        return node;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}
