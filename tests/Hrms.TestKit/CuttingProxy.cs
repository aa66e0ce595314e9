using System.Net;
using System.Net.Sockets;

namespace Hrms.TestKit;

/// <summary>A network between a process and a server, such as a silo and PostgreSQL, that fails on demand: for as long as it is told to, or at one exact moment, which a real one won't.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    public enum Moment { Never, WhenTheRequestWasForwarded, WhenTheReplyArrives }

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _server;
    private readonly Task _accepting;
    private volatile bool _down;
    private int _cut, _cuts;

    /// <param name="listenOn">Where it is reached; this machine alone, unless another address of it is named.</param>
    public CuttingProxy(string host, int port, IPAddress? listenOn = null)
    {
        _server = new(Dns.GetHostAddresses(host)[0], port);
        _listener = new(listenOn ?? IPAddress.Loopback, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often it cut.</summary>
    public int Cuts => _cuts;

    /// <summary>While true, new connections are closed at once and nothing passes on old ones.</summary>
    public bool Down
    {
        set => _down = value;
    }

    /// <summary>Cuts the next connection at this moment, once.</summary>
    public void CutNext(Moment moment) => Interlocked.Exchange(ref _cut, (int)moment);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            if (_down)
                return;
            try
            {
                await server.ConnectAsync(_server, _stop.Token);
                var connection = new Connection();
                var up = PumpAsync(connection, client.GetStream(), server.GetStream(), Moment.WhenTheRequestWasForwarded, cutAfterForwarding: true);
                var down = PumpAsync(connection, server.GetStream(), client.GetStream(), Moment.WhenTheReplyArrives, cutAfterForwarding: false);
                await Task.WhenAny(up, down);
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
            }
        }
    }

    private async Task PumpAsync(Connection connection, NetworkStream from, NetworkStream to, Moment moment, bool cutAfterForwarding)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is var count and > 0)
            {
                var cut = Interlocked.CompareExchange(ref _cut, (int)Moment.Never, (int)moment) == (int)moment;
                if (_down || connection.IsCut)
                    return;
                if (cut)
                {
                    // Before the last request goes on: its answer may come back before this thread does.
                    connection.IsCut = true;
                    Interlocked.Increment(ref _cuts);
                }
                if (cutAfterForwarding || !cut)
                    await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
                if (cut)
                    return;
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private sealed class Connection
    {
        public volatile bool IsCut;
    }
}
