using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// Messages on their way to one subscriber. Whoever has something to say adds it and never waits; one reader sends. When the reader
/// is slower than the events and the queue is full, it closes: the subscriber loses its connection, never the server its memory.
/// </summary>
/// <param name="messagesMax">Most messages that wait.</param>
/// <param name="bytesMax">Most bytes that they are together; one alone may be larger, as answers may, and small ones, such as the word that an operation is over, count by their number alone.</param>
internal sealed class OutgoingQueue(int messagesMax, long bytesMax) : IDisposable
{
    private const int SmallBytes = 1_024;

    private readonly Channel<PooledBuffer> _channel = Channel.CreateBounded<PooledBuffer>(new BoundedChannelOptions(messagesMax) { SingleReader = true });
    private readonly CancellationTokenSource _overflow = new();
    private long _bytes;

    /// <summary>Cancelled when a message found no place.</summary>
    public CancellationToken Overflowed => _overflow.Token;

    /// <summary>Takes the message over, also when the queue is full or closed.</summary>
    public void Add(PooledBuffer message)
    {
        var (length, waiting) = (message.Length, Interlocked.Add(ref _bytes, message.Length));
        if ((length <= SmallBytes || waiting <= bytesMax || waiting == length) && _channel.Writer.TryWrite(message))
            return;
        message.Dispose();
        if (_channel.Writer.TryComplete())
            _overflow.Cancel();
    }

    /// <summary>Nothing more will come; what is there is still sent.</summary>
    public void Close() => _channel.Writer.TryComplete();

    public async IAsyncEnumerable<PooledBuffer> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var message in _channel.Reader.ReadAllAsync(cancellation))
        {
            // What is being sent waits no more.
            Interlocked.Add(ref _bytes, -message.Length);
            yield return message;
        }
    }

    public void Dispose()
    {
        _channel.Writer.TryComplete();
        while (_channel.Reader.TryRead(out var left))
            left.Dispose();
    }
}
