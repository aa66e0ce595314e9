using System.Buffers;
using GraphQL;
using Microsoft.AspNetCore.Http.Features;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// Results as server-sent events, "distinct connections mode" of the GraphQL over SSE protocol: one operation for each response,
/// <c>next</c> for every result, <c>complete</c> at the end, comment lines in silence.
/// </summary>
internal sealed class EventStream(
    ResultSerializer serializer, GraphQLHttpOptions options, TimeProvider time, IHostApplicationLifetime host)
{
    private static readonly byte[] NextEvent = "event: next\n"u8.ToArray();
    private static readonly byte[] CompleteEvent = "event: complete\ndata:\n\n"u8.ToArray();
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    /// <summary>Sends a result and, when it is a subscription, what follows; returns when the stream is over or the caller left.</summary>
    public async Task RunAsync(HttpContext http, ExecutionResult result)
    {
        using var queue = new OutgoingQueue(options.Subscriptions.OutgoingQueueMax, options.Subscriptions.OutgoingQueueMaxBytes);
        using var observer = new ResultObserver(
            next: event_ => queue.Add(Event(event_)),
            fail: errors => queue.Add(Event(errors)));
        await using var keepAlive = time.CreateTimer(
            _ => queue.Add(Bytes(Comment)), null, options.Subscriptions.KeepAlive, options.Subscriptions.KeepAlive);
        await using var expiry = TokenTimer.Start(time, options.TokenExpiry(http.User), () =>
        {
            queue.Add(Event(ResultSerializer.ToResult(new("TOKEN_EXPIRED", "The token's time is over; subscribe again with a new one."))));
            observer.Dispose();
        });
        using var stopping = host.ApplicationStopping.Register(() =>
        {
            queue.Add(Event(ResultSerializer.ToResult(new("UNAVAILABLE", "The server stops; subscribe again."))));
            observer.Dispose();
        });

        if (result.Streams?.Values.FirstOrDefault() is { } stream)
            observer.Listen(stream);
        else
        {
            queue.Add(Event(result));
            observer.OnCompleted();
        }
        var sending = SendAsync(http, queue);
        await Task.WhenAny(observer.Ended, sending);
        queue.Add(Bytes(CompleteEvent));
        queue.Close();
        await sending;
    }

    private static async Task SendAsync(HttpContext http, OutgoingQueue queue)
    {
        var response = http.Response;
        response.ContentType = MediaTypes.EventStream;
        response.Headers["X-Accel-Buffering"] = "no"; // reverse proxies pass events on at once
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var overflow = queue.Overflowed.UnsafeRegister(static http => ((HttpContext)http!).Abort(), http);
        try
        {
            await response.Body.FlushAsync(http.RequestAborted);
            await foreach (var message in queue.ReadAllAsync(http.RequestAborted))
                using (message)
                    await response.BodyWriter.WriteAsync(message.Written, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller left or was too slow.
        }
    }

    /// <summary>A <c>next</c> event; line breaks inside of a raw JSON value start data lines of their own.</summary>
    private PooledBuffer Event(ExecutionResult result)
    {
        using var json = serializer.Write(result);
        var message = new PooledBuffer();
        message.Write(NextEvent);
        foreach (var line in json.Written.Span.SplitAny("\r\n"u8))
        {
            message.Write("data: "u8);
            message.Write(json.Written.Span[line]);
            message.Write("\n"u8);
        }
        message.Write("\n"u8);
        return message;
    }

    private static PooledBuffer Bytes(ReadOnlySpan<byte> bytes)
    {
        var message = new PooledBuffer();
        message.Write(bytes);
        return message;
    }
}
