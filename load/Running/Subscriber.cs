using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Hrms.Load.Running;

/// <summary>One subscription over a WebSocket of its own (graphql-transport-ws), as an app has it.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;

    /// <param name="heard">Told of the <c>data</c> of each event.</param>
    public static async Task<Subscriber> OpenAsync(Uri server, string token, string document, Action<JsonElement> heard, CancellationToken stop)
    {
        var subscriber = new Subscriber();
        subscriber._socket.Options.AddSubProtocol("graphql-transport-ws");
        await subscriber._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/graphql" }.Uri, stop);
        await subscriber.SendAsync(new { type = "connection_init", payload = new { Authorization = $"Bearer {token}" } }, stop);
        using (var ack = await subscriber.ReadAsync(stop))
            if (ack?.RootElement.GetProperty("type").GetString() != "connection_ack")
                throw new RequestFailedException($"The subscription was not let in: {ack?.RootElement.GetRawText()}");
        await subscriber.SendAsync(new { id = "1", type = "subscribe", payload = new { query = document } }, stop);
        subscriber._reading = subscriber.HearAsync(heard);
        return subscriber;
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            await SendAsync(new { id = "1", type = "complete" }, CancellationToken.None);
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task HearAsync(Action<JsonElement> heard)
    {
        while (await ReadAsync(_stop.Token) is { } message)
            using (message)
                if (message.RootElement.GetProperty("type").GetString() == "next")
                    heard(message.RootElement.GetProperty("payload").GetProperty("data"));
                else if (message.RootElement.GetProperty("type").GetString() == "ping")
                    await SendAsync(new { type = "pong" }, _stop.Token);
    }

    private Task SendAsync(object message, CancellationToken stop) =>
        _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, stop);

    private async Task<JsonDocument?> ReadAsync(CancellationToken stop)
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, stop);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return JsonDocument.Parse(Encoding.UTF8.GetString(message.ToArray()));
        }
    }
}
