using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Hrms.Faults.Tests.Transport;

/// <summary>Processes of a cluster speak to each other over TLS, and to nobody who has no certificate of its authority.</summary>
public sealed class ClusterTlsTests(PostgresFixture postgres, EvmNodeFixture node)
{
    [Fact]
    public async Task TheClusterWorksOverTls_AndTakesNobodyInTheClear_WithoutACertificate_OrWithAStrangers()
    {
        using var folder = new TemporaryFolder();
        using var ours = new ClusterCertificates();
        using var strangers = new ClusterCertificates();
        var database = await postgres.CreateDatabaseAsync("cluster_tls");
        await using var all = await SeveralProcesses.StartAsync(database, node.RpcUrl, silos: 2, more: ours.WriteTo(folder, "process"));
        var patient = await all.Client.PatientAsync();
        Assert.True(await new Change(ChangeKind.Record, patient).SendAsync(all.Client));

        using (var known = ours.Issue("another process"))
            Assert.True(await IsTakenAsync(all.GatewayPort, known));
        using (var strange = strangers.Issue("stranger"))
            Assert.False(await IsTakenAsync(all.GatewayPort, strange));
        Assert.False(await IsTakenAsync(all.GatewayPort, null));
        Assert.False(await IsAnsweredInTheClearAsync(all.GatewayPort));
    }

    /// <summary>Whether the silo stays on the line after the handshake: with TLS 1.3 a refusal comes with the first read.</summary>
    private static async Task<bool> IsTakenAsync(int port, X509Certificate2? certificate)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "hrms-cluster", ClientCertificates = certificate is null ? [] : [certificate] });
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            // A silo that took the connection sends its preamble, or waits for ours.
            await tls.ReadExactlyAsync(new byte[1], limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return false;
        }
    }

    private static async Task<bool> IsAnsweredInTheClearAsync(int port)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port);
        await socket.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var answer = new byte[64];
        try
        {
            var read = await socket.GetStream().ReadAsync(answer, limit.Token);
            // A TLS alert (content type 21) or nothing.
            return read > 0 && answer[0] != 21;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
