using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Claims;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// One connection of the sub-protocol graphql-transport-ws (github.com/enisdenjo/graphql-ws, PROTOCOL.md): initialise once, then any number
/// of operations up to the limit, each under an id of the client's choice. One loop receives, one sends; operations only queue.
/// </summary>
internal sealed class WebSocketConnection : IAsyncDisposable
{
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly HttpContext _http;
    private readonly GraphQLEngine _engine;
    private readonly ResultSerializer _serializer;
    private readonly GraphQLHttpOptions _options;
    private readonly TimeProvider _time;
    private readonly OutgoingQueue _queue;
    private readonly CancellationTokenSource _gone;
    private readonly ConcurrentDictionary<string, WebSocketOperation> _operations = new(StringComparer.Ordinal);
    private readonly ITimer _initTimer;
    private ITimer? _tokenTimer;
    private ClaimsPrincipal? _user;
    private bool _initialising;
    private int _running;
    private (WebSocketCloseStatus Status, string Reason)? _close;

    public WebSocketConnection(
        WebSocket socket, HttpContext http, GraphQLEngine engine, ResultSerializer serializer, GraphQLHttpOptions options, TimeProvider time)
    {
        (_socket, _http, _engine, _serializer, _options, _time) = (socket, http, engine, serializer, options, time);
        _queue = new OutgoingQueue(options.Subscriptions.OutgoingQueueMax, options.Subscriptions.OutgoingQueueMaxBytes);
        _gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        _initTimer = time.CreateTimer(
            _ => Close(GraphQLCloseStatus.InitialisationTimeout, "Connection initialisation timeout"),
            null, options.Subscriptions.InitTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>With what the connection was or will be closed; normal when the client did it.</summary>
    public WebSocketCloseStatus CloseStatus => _close?.Status ?? WebSocketCloseStatus.NormalClosure;

    /// <summary>Operations that run at this moment.</summary>
    public int OperationCount => Volatile.Read(ref _running);

    /// <summary>Runs until either side closed.</summary>
    public async Task RunAsync()
    {
        var sending = SendAsync();
        await ReceiveAsync();
        _queue.Close();
        _gone.CancelAfter(CloseGrace);
        await sending;
    }

    /// <summary>Closes from the server's side, first reason wins: operations stop at once, what is queued already is still sent.</summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        lock (_operations)
            _close ??= (status, reason);
        _queue.Close();
        StopOperations();
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _initTimer.DisposeAsync();
        if (_tokenTimer is not null)
            await _tokenTimer.DisposeAsync();
        StopOperations();
        _queue.Dispose();
    }

    private void StopOperations()
    {
        foreach (var operation in _operations.Values)
            operation.Stop();
    }

    private async Task SendAsync()
    {
        using var overflow = _queue.Overflowed.UnsafeRegister(_ =>
        {
            Close(GraphQLCloseStatus.SlowConsumer, "Messages are not read fast enough");
            _gone.CancelAfter(CloseGrace); // the send that waits for the slow reader may never end
        }, null);
        try
        {
            await foreach (var message in _queue.ReadAllAsync(_gone.Token))
                using (message)
                    if (!_queue.Overflowed.IsCancellationRequested)
                        await _socket.SendAsync(message.Written, WebSocketMessageType.Text, endOfMessage: true, _gone.Token);
            _gone.CancelAfter(CloseGrace); // for the client's answer to our close
            var (status, reason) = _close ?? (WebSocketCloseStatus.NormalClosure, "");
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(status, reason, _gone.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            _socket.Abort(); // the other side is gone
        }
    }

    private async Task ReceiveAsync()
    {
        var message = new ArrayBufferWriter<byte>(1_024);
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(message.GetMemory(1_024), _gone.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                    return;
                if (_close is not null)
                    continue; // only the client's close is awaited
                message.Advance(received.Count);
                if (received.MessageType == WebSocketMessageType.Binary)
                    Close(GraphQLCloseStatus.BadRequest, "Messages are text");
                else if (message.WrittenCount > _options.Subscriptions.MessageSizeMaxBytes)
                    Close(WebSocketCloseStatus.MessageTooBig, $"Messages have at most {_options.Subscriptions.MessageSizeMaxBytes} bytes");
                else if (received.EndOfMessage)
                {
                    await HandleAsync(message.WrittenMemory);
                    message = new ArrayBufferWriter<byte>(1_024); // variables keep slices of the old one
                }
                if (_close is not null)
                    message = new ArrayBufferWriter<byte>(1_024);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or WebSocketException)
        {
            // The other side is gone.
        }
    }

    private async ValueTask HandleAsync(ReadOnlyMemory<byte> json)
    {
        if (!WebSocketMessage.TryRead(json, _options.JsonDepthMax, out var message))
        {
            Close(GraphQLCloseStatus.BadRequest, "Invalid message");
            return;
        }
        switch (message.Type)
        {
            case "connection_init": await InitialiseAsync(message); break;
            case "ping": Send("""{"type":"pong"}"""u8); break;
            case "pong": break;
            case "subscribe" when message.Id is { Length: > 0 } id && !message.Payload.IsEmpty: Subscribe(id, message.Payload); break;
            case "complete" when message.Id is { Length: > 0 } id:
                if (_operations.TryRemove(id, out var operation))
                    operation.Stop(); // the id is free at once
                break;
            default: Close(GraphQLCloseStatus.BadRequest, "Invalid message"); break;
        }
    }

    private async ValueTask InitialiseAsync(WebSocketMessage message)
    {
        if (_initialising)
        {
            Close(GraphQLCloseStatus.TooManyInitialisationRequests, "Too many initialisation requests");
            return;
        }
        _initialising = true;
        var user = message.BearerToken() is { } token ? await _options.AuthenticateToken(_http, token, _gone.Token) : _http.User;
        if (user is null)
        {
            Close(GraphQLCloseStatus.Forbidden, "Forbidden");
            return;
        }
        await _initTimer.DisposeAsync();
        _user = user;
        // 4403 and not 4401: clients take the latter for a fault of theirs and do not come back with a new token.
        _tokenTimer = TokenTimer.Start(_time, _options.TokenExpiry(user), () => Close(GraphQLCloseStatus.Forbidden, "Token expired"));
        Send("""{"type":"connection_ack"}"""u8);
    }

    private void Subscribe(string id, ReadOnlyMemory<byte> payload)
    {
        if (_user is null)
        {
            Close(GraphQLCloseStatus.Unauthorized, "Unauthorized");
            return;
        }
        if (_operations.ContainsKey(id))
        {
            Close(GraphQLCloseStatus.SubscriberAlreadyExists, $"Subscriber for {Shortened(id)} already exists");
            return;
        }
        // Counted until it has really stopped, so that a client cannot start faster than the server stops.
        if (OperationCount >= _options.Subscriptions.OperationsPerConnectionMax)
        {
            _queue.Add(_serializer.WriteError(id, ResultSerializer.ToResult(new(
                "TOO_MANY_OPERATIONS", $"A connection runs at most {_options.Subscriptions.OperationsPerConnectionMax} operations."))));
            return;
        }
        var operation = new WebSocketOperation(id, payload, _http, _user, _engine, _serializer, _options, _queue);
        _operations[id] = operation; // only this loop adds
        Interlocked.Increment(ref _running);
        operation.Start(_gone.Token, ended: () =>
        {
            _operations.TryRemove(KeyValuePair.Create(id, operation));
            Interlocked.Decrement(ref _running);
        });
    }

    private void Send(ReadOnlySpan<byte> json)
    {
        var message = new PooledBuffer();
        message.Write(json);
        _queue.Add(message);
    }

    /// <summary>A close reason has at most 123 bytes.</summary>
    private static string Shortened(string id) => id.Length <= 20 && id.All(char.IsAscii) ? id : "this id";
}
