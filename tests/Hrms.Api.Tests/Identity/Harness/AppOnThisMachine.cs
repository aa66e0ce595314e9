using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;

namespace Hrms.Api.Tests.Identity;

/// <summary>Where a native app waits for a person's browser to come back (RFC 8252, 7.3): any port of 127.0.0.1.</summary>
public sealed class AppOnThisMachine : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AppOnThisMachine(WebApplication app) => _app = app;

    public string Redirect => $"{_app.Urls.Single()}/callback";

    public static async Task<AppOnThisMachine> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/callback", () => Results.Content("<!DOCTYPE html><html lang=\"en\"><title>Back in the app</title><main><h1>Back in the app</h1></main></html>", "text/html"));
        await app.StartAsync();
        return new AppOnThisMachine(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
