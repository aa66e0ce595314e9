using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Hrms.Load.Running;

/// <summary>One subscription over a WebSocket of its own (graphql-transport-ws), as an app has it.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();

    private Subscriber()
    {
    }

    /// <summary>When the server said that nothing more will come, in <see cref="Stopwatch"/> ticks. Faulted when it refused the subscription or the connection broke, cancelled when we left first.</summary>
    public Task<long> Ended { get; private set; } = Task.FromResult(0L);

    /// <param name="heard">Told of the <c>data</c> of each event.</param>
    /// <exception cref="RequestFailedException">The server does not let this subscriber in.</exception>
    public static async Task<Subscriber> OpenAsync(Uri server, string token, string document, Action<JsonElement> heard, CancellationToken stop)
    {
        var subscriber = new Subscriber();
        try
        {
            subscriber._socket.Options.AddSubProtocol("graphql-transport-ws");
            await subscriber._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/graphql" }.Uri, stop);
            await subscriber.SendAsync(new { type = "connection_init", payload = new { Authorization = $"Bearer {token}" } }, stop);
            using (var ack = await subscriber.ReadAsync(stop))
                if (ack?.RootElement.GetProperty("type").GetString() != "connection_ack")
                    throw new RequestFailedException($"The subscription was not let in: {ack?.RootElement.GetRawText()}");
            await subscriber.SendAsync(new { id = "1", type = "subscribe", payload = new { query = document } }, stop);
        }
        catch
        {
            await subscriber.DisposeAsync();
            throw;
        }
        subscriber.Ended = subscriber.HearAsync(heard);
        return subscriber;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State == WebSocketState.Open)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The server was faster.
        }
        await _stop.CancelAsync();
        await ((Task)Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task<long> HearAsync(Action<JsonElement> heard)
    {
        while (await ReadAsync(_stop.Token) is { } message)
            using (message)
                switch (message.RootElement.GetProperty("type").GetString())
                {
                    case "next":
                        heard(message.RootElement.GetProperty("payload").GetProperty("data"));
                        break;
                    case "ping":
                        await SendAsync(new { type = "pong" }, _stop.Token);
                        break;
                    case "complete":
                        return Stopwatch.GetTimestamp();
                    case "error":
                        throw new RequestFailedException($"The subscription was refused: {message.RootElement.GetProperty("payload").GetRawText()}");
                }
        return Stopwatch.GetTimestamp();
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
