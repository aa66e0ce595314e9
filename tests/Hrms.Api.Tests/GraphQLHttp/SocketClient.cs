using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Hrms.Api.Tests.GraphQLHttp;

/// <summary>A client of graphql-transport-ws that does exactly what a test says, right or wrong.</summary>
public sealed class SocketClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(2));

    public static Task<SocketClient> ConnectAsync(
        GraphQLTestServer server, string? origin = null, string protocol = "graphql-transport-ws", bool initialise = true, object? payload = null) =>
        ConnectAsync(server.Url, origin, protocol, initialise, payload);

    public static async Task<SocketClient> ConnectAsync(
        string url, string? origin = null, string protocol = "graphql-transport-ws", bool initialise = true, object? payload = null, string? cookies = null, string? requestId = null)
    {
        var client = new SocketClient();
        client._socket.Options.AddSubProtocol(protocol);
        if (origin is not null)
            client._socket.Options.SetRequestHeader("Origin", origin);
        if (cookies is not null)
            client._socket.Options.SetRequestHeader("Cookie", cookies);
        if (requestId is not null)
            client._socket.Options.SetRequestHeader("X-Request-Id", requestId);
        await client._socket.ConnectAsync(new Uri(url.Replace("http:", "ws:", StringComparison.Ordinal)), client._deadline.Token);
        if (initialise)
        {
            await client.SendAsync(new { type = "connection_init", payload });
            Assert.Equal("connection_ack", (await client.ReceiveAsync()).GetProperty("type").GetString());
        }
        return client;
    }

    public Task SendAsync(object message) => SendTextAsync(JsonSerializer.Serialize(message));

    public Task SendTextAsync(string message) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, _deadline.Token);

    public Task SubscribeAsync(string id, string query, object? variables = null) =>
        SendAsync(new { id, type = "subscribe", payload = new { query, variables } });

    /// <summary>The next message; fails when the server closes instead.</summary>
    public async Task<JsonElement> ReceiveAsync() =>
        await ReceiveOrCloseAsync() ?? throw new InvalidOperationException($"Closed: {_socket.CloseStatus} {_socket.CloseStatusDescription}");

    /// <summary>Reads on until the server closes, and returns the code.</summary>
    public async Task<int> ClosedWithAsync()
    {
        while (await ReceiveOrCloseAsync() is not null) { }
        return (int)_socket.CloseStatus!.Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
            await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", _deadline.Token);
        _socket.Dispose();
        _deadline.Dispose();
    }

    /// <summary>Goes away without a word.</summary>
    public void Abort() => _socket.Abort();

    private async Task<JsonElement?> ReceiveOrCloseAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[4_096];
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer, _deadline.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
                return JsonDocument.Parse(message.ToArray()).RootElement;
        }
    }
}
