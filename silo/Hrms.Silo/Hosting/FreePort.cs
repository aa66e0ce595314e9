using System.Net;
using System.Net.Sockets;

namespace Hrms.Silo.Hosting;

/// <summary>A loopback port that nobody listens on at this moment.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
