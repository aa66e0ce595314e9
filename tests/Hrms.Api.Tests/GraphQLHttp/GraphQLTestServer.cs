using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GraphQL;
using GraphQL.Types;
using Hrms.Api.GraphQL.Http;
using Hrms.Silo.Hosting;
using Hrms.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hrms.Api.Tests.GraphQLHttp;

/// <summary>The GraphQL transport with <see cref="TestSchema"/> on Kestrel at a free loopback port.</summary>
public sealed class GraphQLTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private GraphQLTestServer(WebApplication app, TemporaryFolder folder)
    {
        (_app, _folder) = (app, folder);
        Url = app.Urls.First() + "/graphql";
    }

    public string Url { get; }

    public HttpClient Http { get; } = new();

    public TestEvents Events => _app.Services.GetRequiredService<TestEvents>();

    public ISchema Schema => _app.Services.GetRequiredService<ISchema>();

    public TestLog Log => _app.Services.GetRequiredService<TestLog>();

    public static async Task<GraphQLTestServer> StartAsync(
        Action<GraphQLHttpOptions>? configure = null, Action<IServiceCollection>? services = null, Action<WebApplication>? pipeline = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var folder = new TemporaryFolder();
        builder.Logging.ClearProviders().KeepLibrariesQuiet().AddFileLog(folder["graphql.log"]);
        builder.Services.AddSingleton<TestLog>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<TestLog>());
        builder.Services.AddSingleton<TestEvents>();
        builder.Services.AddScoped<TestScope>();
        builder.Services.AddGraphQL(graphQL => graphQL.AddSchema<TestSchema>().AddAutoClrMappings());
        builder.Services.AddGraphQLHttp(configure);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        pipeline?.Invoke(app);
        app.MapGraphQLHttp("/graphql");
        await app.StartAsync();
        return new GraphQLTestServer(app, folder);
    }

    /// <summary>Sends one request and returns the status and the parsed answer.</summary>
    public async Task<Answer> PostAsync(object body, string accept = "application/graphql-response+json") =>
        await PostTextAsync(JsonSerializer.Serialize(body), accept);

    public async Task<Answer> PostTextAsync(string body, string accept = "application/graphql-response+json", string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await SendAsync(request, accept);
    }

    public async Task<Answer> GetAsync(string query, string accept = "application/graphql-response+json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Url}?query={Uri.EscapeDataString(query)}");
        return await SendAsync(request, accept);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request, string accept)
    {
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, JsonDocument.Parse(bytes).RootElement, response.Headers);
    }

    /// <summary>One answer of the endpoint.</summary>
    public sealed record Answer(int Status, string? MediaType, JsonElement Body, HttpResponseHeaders Headers)
    {
        /// <summary><c>extensions.code</c> of the first error, or null.</summary>
        public string? Code => Body.TryGetProperty("errors", out var errors)
            ? errors[0].GetProperty("extensions").GetProperty("code").GetString()
            : null;

        public string? Message => Body.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("message").GetString() : null;

        public JsonElement Data => Body.GetProperty("data");
    }
}
