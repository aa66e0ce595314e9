using System.Net;
using System.Net.Sockets;

namespace Hrms.Embedded.Processes;

internal static class FreePort
{
    /// <summary>A TCP port that is free on 127.0.0.1 now. Another process may take it first: callers try again.</summary>
    public static int Pick()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
