using System.Net;
using System.Text;
using System.Text.Json;

namespace Hrms.Api.Tests.GraphQLHttp;

[Trait("Feature", "68")]
public sealed class EventStreamTests : IAsyncLifetime
{
    private GraphQLTestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await GraphQLTestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task Events_ArriveUntilTheSourceCompletes(string method)
    {
        using var response = await OpenAsync($"subscription{{ticks(topic:\"{method}\")}}", method);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        await _server.Events.ListenersAsync(method, 1);

        _server.Events.Publish(method, "x");
        Assert.Equal("x", (await NextAsync(lines)).GetProperty("data").GetProperty("ticks").GetString());
        _server.Events.Complete(method);
        Assert.Equal("event: complete", await lines.ReadLineAsync());
        Assert.Equal("data:\n\n", await lines.ReadToEndAsync());
        await _server.Events.ListenersAsync(method, 0);
    }

    [Fact]
    public async Task CallerThatLeaves_StopsTheSource()
    {
        var response = await OpenAsync("subscription{ticks(topic:\"left\")}");
        await _server.Events.ListenersAsync("left", 1);
        response.Dispose();
        await _server.Events.ListenersAsync("left", 0);
    }

    [Fact]
    [Trait("Fault", "F34")]
    public async Task SlowReader_LosesTheConnection()
    {
        await using var server = await GraphQLTestServer.StartAsync(options => options.Subscriptions.OutgoingQueueMax = 8);
        using var response = await OpenAsync("subscription{ticks(topic:\"slow\")}", server: server);
        await server.Events.ListenersAsync("slow", 1);
        var large = new string('x', 1 << 20);
        for (var i = 0; i < 100; i++)
            server.Events.Publish("slow", large);
        await server.Events.ListenersAsync("slow", 0);
    }

    [Theory]
    [InlineData("{hello}", null)]
    [InlineData("{nothing}", "VALIDATION_FAILED")]
    [InlineData("{", "SYNTAX_ERROR")]
    public async Task AnythingElse_IsOneEvent(string document, string? code)
    {
        using var response = await OpenAsync(document);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var next = await NextAsync(lines);
        Assert.Equal(code, next.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("extensions").GetProperty("code").GetString() : null);
        Assert.Equal("event: complete\ndata:\n\n", await lines.ReadToEndAsync());
    }

    [Fact]
    public async Task MalformedRequest_HasAStatus()
    {
        using var response = await OpenAsync(null);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Silence_IsFilledWithComments()
    {
        await using var server = await GraphQLTestServer.StartAsync(options => options.Subscriptions.KeepAlive = TimeSpan.FromMilliseconds(30));
        using var response = await OpenAsync("subscription{ticks(topic:\"a\")}", server: server);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(":", await lines.ReadLineAsync());
    }

    [Fact]
    [Trait("Fault", "F35")]
    public async Task EndOfTheToken_EndsTheStream()
    {
        await using var server = await GraphQLTestServer.StartAsync(
            options => options.TokenExpiry = _ => DateTimeOffset.UtcNow.AddSeconds(2));
        using var response = await OpenAsync("subscription{ticks(topic:\"a\")}", server: server);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("TOKEN_EXPIRED", text, StringComparison.Ordinal);
        Assert.EndsWith("event: complete\ndata:\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "107")]
    public async Task AServerThatStops_SaysSo_AndEndsTheStream()
    {
        await using var server = await GraphQLTestServer.StartAsync();
        using var response = await OpenAsync("subscription{ticks(topic:\"a\")}", server: server);
        await server.Events.ListenersAsync("a", 1);
        var stopping = server.StopAsync();
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("UNAVAILABLE", text, StringComparison.Ordinal);
        Assert.EndsWith("event: complete\ndata:\n\n", text, StringComparison.Ordinal);
        await stopping;
    }

    private static async Task<JsonElement> NextAsync(StreamReader lines)
    {
        Assert.Equal("event: next", await lines.ReadLineAsync());
        var data = await lines.ReadLineAsync();
        Assert.Equal("", await lines.ReadLineAsync());
        return JsonDocument.Parse(data!["data: ".Length..]).RootElement;
    }

    private async Task<HttpResponseMessage> OpenAsync(string? document, string method = "POST", GraphQLTestServer? server = null)
    {
        server ??= _server;
        var request = method == "GET"
            ? new HttpRequestMessage(HttpMethod.Get, $"{server.Url}?query={Uri.EscapeDataString(document!)}")
            : new HttpRequestMessage(HttpMethod.Post, server.Url)
            {
                Content = new StringContent(document is null ? "{" : JsonSerializer.Serialize(new { query = document }), Encoding.UTF8, "application/json"),
            };
        request.Headers.Accept.ParseAdd("text/event-stream");
        return await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
