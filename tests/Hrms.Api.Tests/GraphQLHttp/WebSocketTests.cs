using System.Net.WebSockets;
using System.Security.Claims;

namespace Hrms.Api.Tests.GraphQLHttp;

[Trait("Feature", "68")]
public sealed class WebSocketTests : IAsyncLifetime
{
    private GraphQLTestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await GraphQLTestServer.StartAsync(options =>
    {
        options.Subscriptions.OperationsPerConnectionMax = 2;
        options.Subscriptions.MessageSizeMaxBytes = 2_048;
        options.Subscriptions.AllowedOrigins.Add("https://app.example");
        options.AuthenticateToken = (_, token, _) => ValueTask.FromResult(token.Length == 0 || token == "bad" ? null : Named(token));
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Events_ArriveInOrderUntilTheSourceCompletes()
    {
        await using var client = await SocketClient.ConnectAsync(_server);
        await client.SubscribeAsync("1", "subscription{ticks(topic:\"a\")}");
        await _server.Events.ListenersAsync("a", 1);

        foreach (var value in (string[])["x", "y"])
        {
            _server.Events.Publish("a", value);
            var next = await client.ReceiveAsync();
            Assert.Equal(("next", "1"), (Text(next, "type"), Text(next, "id")));
            Assert.Equal(value, next.GetProperty("payload").GetProperty("data").GetProperty("ticks").GetString());
        }
        _server.Events.Complete("a");
        var complete = await client.ReceiveAsync();
        Assert.Equal(("complete", "1"), (Text(complete, "type"), Text(complete, "id")));
        await _server.Events.ListenersAsync("a", 0);
    }

    [Fact]
    public async Task ClientsComplete_StopsTheSourceAndFreesTheId()
    {
        await using var client = await SocketClient.ConnectAsync(_server);
        await client.SubscribeAsync("1", "subscription{ticks(topic:\"b\")}");
        await _server.Events.ListenersAsync("b", 1);
        await client.SendAsync(new { id = "1", type = "complete" });
        await client.SubscribeAsync("1", "{hello}");

        Assert.Equal("next", Text(await client.ReceiveAsync(), "type"));
        await _server.Events.ListenersAsync("b", 0);
    }

    [Fact]
    public async Task ClientThatVanishes_StopsTheSource()
    {
        var client = await SocketClient.ConnectAsync(_server);
        await client.SubscribeAsync("1", "subscription{ticks(topic:\"c\")}");
        await _server.Events.ListenersAsync("c", 1);

        client.Abort();

        await _server.Events.ListenersAsync("c", 0);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task FaultOfTheSource_IsAMaskedErrorAndEndsTheOperationOnly()
    {
        await using var client = await SocketClient.ConnectAsync(_server);
        await client.SubscribeAsync("1", "subscription{ticks(topic:\"d\")}");
        await _server.Events.ListenersAsync("d", 1);
        _server.Events.Fail("d");

        var error = await client.ReceiveAsync();
        Assert.Equal(("error", "INTERNAL_ERROR"), (Text(error, "type"), CodeOf(error)));
        Assert.DoesNotContain("secret", error.GetRawText(), StringComparison.Ordinal);
        await client.SendAsync(new { type = "ping" });
        Assert.Equal("pong", Text(await client.ReceiveAsync(), "type"));
    }

    [Fact]
    public async Task ScopedServices_LiveAsLongAsTheSubscription()
    {
        await using var client = await SocketClient.ConnectAsync(_server);
        await client.SubscribeAsync("1", "subscription{scopeLife(topic:\"e\")}");
        await client.SubscribeAsync("2", "subscription{scopeLife(topic:\"e\")}");
        await _server.Events.ListenersAsync("e", 2);
        var seen = new HashSet<(string?, int)>();
        for (var round = 0; round < 2; round++)
        {
            _server.Events.Publish("e", "");
            for (var listener = 0; listener < 2; listener++)
            {
                var next = await client.ReceiveAsync();
                seen.Add((Text(next, "id"), next.GetProperty("payload").GetProperty("data").GetProperty("scopeLife").GetInt32()));
            }
        }
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task QueriesAndMutations_AnswerOnce()
    {
        await using var client = await SocketClient.ConnectAsync(_server);
        foreach (var document in (string[])["{hello}", "mutation{count}"])
        {
            await client.SubscribeAsync("q", document);
            Assert.Equal("next", Text(await client.ReceiveAsync(), "type"));
            Assert.Equal("complete", Text(await client.ReceiveAsync(), "type"));
        }
    }

    [Theory]
    [InlineData("{nothing}", "VALIDATION_FAILED")]
    [InlineData("{", "SYNTAX_ERROR")]
    [InlineData("{node{next{next{next{next{next{next{next{next{next{next{next{next{next{next{next{next{level}}}}}}}}}}}}}}}}}}", "DOCUMENT_TOO_DEEP")]
    public async Task BadDocument_IsAnErrorMessage(string document, string code)
    {
        await using var client = await SocketClient.ConnectAsync(_server);
        await client.SubscribeAsync("1", document);
        var error = await client.ReceiveAsync();
        Assert.Equal(("error", code), (Text(error, "type"), CodeOf(error)));
    }

    [Fact]
    public async Task OperationsBeyondTheLimit_AreRefusedOneByOne()
    {
        await using var client = await SocketClient.ConnectAsync(_server);
        foreach (var id in (string[])["1", "2"])
            await client.SubscribeAsync(id, "subscription{ticks(topic:\"f\")}");
        await _server.Events.ListenersAsync("f", 2);
        await client.SubscribeAsync("3", "{hello}");
        var error = await client.ReceiveAsync();
        Assert.Equal(("3", "TOO_MANY_OPERATIONS"), (Text(error, "id"), CodeOf(error)));
    }

    [Fact]
    public async Task TokenOfConnectionInit_NamesTheCaller()
    {
        await using var client = await SocketClient.ConnectAsync(_server, payload: new { authorization = "Bearer Ana" });
        await client.SubscribeAsync("1", "{caller}");
        Assert.Equal("Ana", (await client.ReceiveAsync()).GetProperty("payload").GetProperty("data").GetProperty("caller").GetString());
    }

    [Theory]
    [InlineData(4400, "no json")]
    [InlineData(4400, "[]")]
    [InlineData(4400, """{"type":"unknown"}""")]
    [InlineData(4400, """{"type":"connection_init"}""", """{"type":"subscribe","payload":{"query":"{hello}"}}""")]
    [InlineData(4400, """{"type":"connection_init"}""", """{"id":"1","type":"subscribe"}""")]
    [InlineData(4400, """{"type":"connection_init","type":"ping"}""")]
    [InlineData(4401, """{"id":"1","type":"subscribe","payload":{"query":"{hello}"}}""")]
    [InlineData(4403, """{"type":"connection_init","payload":{"Authorization":"Bearer bad"}}""")]
    [InlineData(4403, """{"type":"connection_init","payload":{"Authorization":"Basic YTpi"}}""")]
    [InlineData(4403, """{"type":"connection_init","payload":{"Authorization":"\ud800"}}""")]
    [InlineData(4403, """{"type":"connection_init","payload":{"\ud800":1,"Authorization":"Bearer Ana"}}""")]
    [InlineData(4409, """{"type":"connection_init"}""",
        """{"id":"1","type":"subscribe","payload":{"query":"subscription{ticks(topic:\"g\")}"}}""",
        """{"id":"1","type":"subscribe","payload":{"query":"{hello}"}}""")]
    [InlineData(4429, """{"type":"connection_init"}""", """{"type":"connection_init"}""")]
    public async Task BreachOfTheProtocol_Closes(int code, params string[] messages)
    {
        await using var client = await SocketClient.ConnectAsync(_server, initialise: false);
        foreach (var message in messages)
            await client.SendTextAsync(message);
        Assert.Equal(code, await client.ClosedWithAsync());
    }

    [Fact]
    public async Task AnAnswerLargerThanAllThatMayWait_IsSent_WhenNothingElseWaits()
    {
        await using var server = await GraphQLTestServer.StartAsync(options => options.Subscriptions.OutgoingQueueMaxBytes = 1_024);
        await using var client = await SocketClient.ConnectAsync(server);
        await client.SubscribeAsync("1", "query($name: String!){hello(name:$name)}", new { name = new string('x', 10_000) });
        Assert.Equal("next", (await client.ReceiveAsync()).GetProperty("type").GetString());
    }

    [Fact]
    [Trait("Fault", "F34")]
    public async Task LargeMessage_Closes1009()
    {
        await using var client = await SocketClient.ConnectAsync(_server);
        await client.SendTextAsync(new string(' ', 5_000));
        Assert.Equal(1009, await client.ClosedWithAsync());
    }

    [Fact]
    public async Task SilenceAfterConnecting_Closes4408()
    {
        await using var server = await GraphQLTestServer.StartAsync(options => options.Subscriptions.InitTimeout = TimeSpan.FromMilliseconds(50));
        await using var client = await SocketClient.ConnectAsync(server, initialise: false);
        Assert.Equal(4408, await client.ClosedWithAsync());
    }

    [Fact]
    [Trait("Fault", "F35")]
    public async Task EndOfTheToken_Closes4403()
    {
        await using var server = await GraphQLTestServer.StartAsync(
            options => options.TokenExpiry = _ => DateTimeOffset.UtcNow.AddSeconds(2));
        await using var client = await SocketClient.ConnectAsync(server);
        await client.SubscribeAsync("1", "subscription{ticks(topic:\"h\")}");
        Assert.Equal(4403, await client.ClosedWithAsync());
        await server.Events.ListenersAsync("h", 1);
        await server.Events.ListenersAsync("h", 0);
    }

    [Fact]
    [Trait("Feature", "107")]
    public async Task AServerThatStops_Closes1001()
    {
        await using var server = await GraphQLTestServer.StartAsync();
        await using var client = await SocketClient.ConnectAsync(server);
        await client.SubscribeAsync("1", "subscription{ticks(topic:\"h\")}");
        await server.Events.ListenersAsync("h", 1);
        var stopping = server.StopAsync();
        Assert.Equal(1001, await client.ClosedWithAsync());
        await client.DisposeAsync();
        await stopping;
    }

    [Fact]
    public async Task SlowReader_LosesTheConnection()
    {
        await using var server = await GraphQLTestServer.StartAsync(options => options.Subscriptions.OutgoingQueueMax = 8);
        await using var client = await SocketClient.ConnectAsync(server);
        await client.SubscribeAsync("1", "subscription{ticks(topic:\"i\")}");
        await server.Events.ListenersAsync("i", 1);

        var large = new string('x', 1 << 20);
        for (var i = 0; i < 100; i++) // more than the sockets' buffers and the queue hold
            server.Events.Publish("i", large);

        Assert.Equal(4413, await client.ClosedWithAsync());
        await server.Events.ListenersAsync("i", 0);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("https://app.example", true)]
    public async Task Origin_MustBeAllowed(string origin, bool allowed)
    {
        if (allowed)
        {
            await using var client = await SocketClient.ConnectAsync(_server, origin);
        }
        else
        {
            var fault = await Assert.ThrowsAsync<WebSocketException>(() => SocketClient.ConnectAsync(_server, origin));
            Assert.Contains("403", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OtherSubProtocol_IsRefused() =>
        await Assert.ThrowsAsync<WebSocketException>(() => SocketClient.ConnectAsync(_server, protocol: "graphql-ws"));

    private static ClaimsPrincipal Named(string name) => new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test"));

    private static string? Text(System.Text.Json.JsonElement message, string member) => message.GetProperty(member).GetString();

    private static string? CodeOf(System.Text.Json.JsonElement error) =>
        error.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString();
}
