using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Hrms.Load.Running;

/// <summary>
/// One kept-alive HTTP/1.1 connection with one request under way, as a patient's app has it. Plain sockets instead of HttpClient: the generator shares the cores
/// with what it measures, so it must cost little. Reads answers that have a Content-Length, which all of ours have.
/// </summary>
internal sealed class HttpConnection(Uri server) : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[16 * 1024];
    private bool _connected;

    /// <summary>The status and the body of the answer; the body is good until the next call.</summary>
    /// <exception cref="IOException">The connection ended, or the answer is not one that this reads.</exception>
    public async ValueTask<(int Status, ReadOnlyMemory<byte> Body)> SendAsync(ReadOnlyMemory<byte> request, CancellationToken stop)
    {
        if (!_connected)
        {
            await _socket.ConnectAsync(server.Host, server.Port, stop);
            _connected = true;
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
            while (filled < bodyAt + length)
                filled += await ReceiveAsync(filled, stop);
            return (status, _buffer.AsMemory(bodyAt, length));
        }
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask<int> ReceiveAsync(int at, CancellationToken stop)
    {
        if (at == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var received = await _socket.ReceiveAsync(_buffer.AsMemory(at), stop);
        return received > 0 ? received : throw new IOException($"{server} closed the connection before its answer was whole.");
    }

    private static (int Status, int BodyBytes) ReadHead(ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head);
        const string Length = "\r\nContent-Length:";
        var at = text.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            throw new IOException($"The answer has no Content-Length: {text}");
        at += Length.Length;
        var end = text.IndexOf('\r', at);
        return (int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture),
            int.Parse(end < 0 ? text.AsSpan(at) : text.AsSpan(at, end - at), CultureInfo.InvariantCulture));
    }
}
