using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Hrms.Load.Running;

/// <summary>
/// One kept-alive HTTP/1.1 connection with one request under way, as a patient's app has it. Plain sockets instead of HttpClient: the generator shares the cores
/// with what it measures, so it must cost little.
/// </summary>
internal sealed class HttpConnection(Uri server) : IDisposable
{
    private Socket? _socket;
    private byte[] _buffer = new byte[16 * 1024];

    /// <summary>Status line and headers of the last answer.</summary>
    public string Head { get; private set; } = "";

    /// <summary>The status and the body of the answer; the body is good until the next call.</summary>
    /// <exception cref="IOException">The connection ended, or the answer is not one that this reads. The next call begins with another connection.</exception>
    public async ValueTask<(int Status, ReadOnlyMemory<byte> Body)> SendAsync(ReadOnlyMemory<byte> request, CancellationToken stop)
    {
        try
        {
            return await TrySendAsync(request, stop);
        }
        catch
        {
            _socket?.Dispose();
            _socket = null;
            throw;
        }
    }

    public void Dispose() => _socket?.Dispose();

    private async ValueTask<(int Status, ReadOnlyMemory<byte> Body)> TrySendAsync(ReadOnlyMemory<byte> request, CancellationToken stop)
    {
        // A server closes what has been idle for minutes; whoever notices before they send has lost nothing.
        if (_socket is { } idle && idle.Poll(0, SelectMode.SelectRead) && idle.Available == 0)
        {
            idle.Dispose();
            _socket = null;
        }
        if (_socket is null)
        {
            _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await _socket.ConnectAsync(server.Host, server.Port, stop);
        }
        while (!request.IsEmpty)
            request = request[await _socket.SendAsync(request, stop)..];
        var filled = 0;
        while (true)
        {
            filled += await ReceiveAsync(filled, stop);
            var head = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (head < 0)
                continue;
            var bodyAt = head + 4;
            var (status, length) = ReadHead(_buffer.AsSpan(0, head));
            if (length < 0)
                return (status, _buffer.AsMemory(bodyAt, await ReceiveChunksAsync(bodyAt, filled, stop)));
            while (filled < bodyAt + length)
                filled += await ReceiveAsync(filled, stop);
            return (status, _buffer.AsMemory(bodyAt, length));
        }
    }

    /// <summary>Puts the chunks of a body (RFC 9112, 7.1) behind each other, over their lengths.</summary>
    /// <returns>The body's length.</returns>
    private async ValueTask<int> ReceiveChunksAsync(int bodyAt, int filled, CancellationToken stop)
    {
        var (from, to) = (bodyAt, bodyAt);
        while (true)
        {
            int line;
            while ((line = _buffer.AsSpan(from, filled - from).IndexOf("\r\n"u8)) < 0)
                filled += await ReceiveAsync(filled, stop);
            var length = int.Parse(Encoding.Latin1.GetString(_buffer.AsSpan(from, line)).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            from += line + 2;
            while (filled < from + length + 2)
                filled += await ReceiveAsync(filled, stop);
            if (length == 0)
                return to - bodyAt;
            _buffer.AsSpan(from, length).CopyTo(_buffer.AsSpan(to));
            (from, to) = (from + length + 2, to + length);
        }
    }

    private async ValueTask<int> ReceiveAsync(int at, CancellationToken stop)
    {
        if (at == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var received = await _socket!.ReceiveAsync(_buffer.AsMemory(at), stop);
        return received > 0 ? received : throw new IOException($"{server} closed the connection before its answer was whole.");
    }

    /// <returns>Body bytes below zero: they come in chunks.</returns>
    private (int Status, int BodyBytes) ReadHead(ReadOnlySpan<byte> head)
    {
        var text = Head = Encoding.Latin1.GetString(head);
        const string Length = "\r\nContent-Length:";
        var at = text.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return text.Contains("\r\nTransfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase)
                ? (int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), -1)
                : throw new IOException($"The answer has neither a Content-Length nor chunks: {text}");
        at += Length.Length;
        var end = text.IndexOf('\r', at);
        return (int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture),
            int.Parse(end < 0 ? text.AsSpan(at) : text.AsSpan(at, end - at), CultureInfo.InvariantCulture));
    }
}
