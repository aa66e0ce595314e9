using System.Buffers;
using System.Security.Claims;
using System.Text.Json;
using Hrms.Api.Budgets;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// One operation of a WebSocket connection, from subscribe to complete, in a service scope of its own: resolvers of later events find
/// the same scoped services as the first.
/// </summary>
internal sealed class WebSocketOperation(
    string id, ReadOnlyMemory<byte> payload, HttpContext http, ClaimsPrincipal user, GraphQLEngine engine, ResultSerializer serializer,
    GraphQLHttpOptions options, OutgoingQueue queue)
{
    private readonly CancellationTokenSource _stop = new();
    private PooledBuffer? _failure;

    /// <summary>Starts in the background.</summary>
    /// <param name="gone">The connection's end.</param>
    /// <param name="ended">Called once, whatever happens, before the last message is queued, so that the client may use the id again when it reads it.</param>
    public void Start(CancellationToken gone, Action ended) => _ = Task.Run(() => RunAsync(gone, ended), CancellationToken.None);

    /// <summary>The client wants no more; nothing is sent about it.</summary>
    public void Stop() => _stop.Cancel();

    private async Task RunAsync(CancellationToken gone, Action ended)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(gone, _stop.Token);
        PooledBuffer? last = null;
        try
        {
            last = await ExecuteAsync(cancel.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped or gone.
        }
        finally
        {
            ended();
        }
        if (last is null)
            return;
        if (cancel.IsCancellationRequested)
            last.Dispose();
        else
            queue.Add(last);
    }

    /// <summary>Runs the operation and returns its last message.</summary>
    private async Task<PooledBuffer> ExecuteAsync(CancellationToken cancellation)
    {
        if (EnvelopeReader.TryRead(payload, options.JsonDepthMax, out var envelope) is { } badEnvelope)
            return Refusal(badEnvelope);
        options.Budget.Charge(http, user, RequestCost.OfBytes(payload.Length));
        if (engine.TryPrepare(envelope, http, user, out var operation) is { } refusal)
            return Refusal(refusal);

        await using var scope = http.RequestServices.CreateAsyncScope();
        var result = await engine.ExecuteAsync(operation, http, user, scope.ServiceProvider, cancellation);
        if (result.Streams?.Values.FirstOrDefault() is not { } stream)
        {
            if (!result.Executed)
                return serializer.WriteError(id, result);
            var answer = serializer.WriteNext(id, result);
            options.Budget.Charge(http, user, RequestCost.OfBytes(answer.Length));
            queue.Add(answer);
            return Complete();
        }
        using var observer = new ResultObserver(
            next: item => queue.Add(serializer.WriteNext(id, item)),
            fail: errors => _failure = serializer.WriteError(id, errors));
        observer.Listen(stream);
        await observer.Ended.WaitAsync(cancellation);
        return _failure ?? Complete();
    }

    private PooledBuffer Refusal(GraphQLRefusal refusal) => serializer.WriteError(id, ResultSerializer.ToResult(refusal));

    private PooledBuffer Complete()
    {
        var message = new PooledBuffer();
        using var writer = new Utf8JsonWriter((IBufferWriter<byte>)message);
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("type", "complete");
        writer.WriteEndObject();
        return message;
    }
}
