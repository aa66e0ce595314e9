using System.Net.NetworkInformation;

namespace Hrms.Embedded.Tests;

internal static class ListeningAddresses
{
    /// <summary>The addresses of this machine on which something listens at the port.</summary>
    public static string[] OfPort(int port) =>
        [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Where(end => end.Port == port).Select(end => end.Address.ToString())];
}
