using System.Net;
using System.Net.Sockets;
using Hrms.Api.Identity;
using Hrms.Api.Identity.Mail;

namespace Hrms.Api.Tests.Identity;

/// <summary>Mail goes through a server encrypted, or not at all. The server is a script: no real one forgets to offer TLS when a test wants it to.</summary>
public sealed class SmtpTests
{
    private static readonly MailMessage Message = new("ana@example.org", "Confirm your e-mail address", "Welcome.\n\nhttps://records.example/account/confirm?token=abc");

    [Fact]
    public async Task OnThisMachine_TheMessageArrives()
    {
        using var server = new ScriptedMailServer();
        await new SmtpMailer(Options($"smtp+plain://127.0.0.1:{server.Port}")).SendAsync(Message, TestContext.Current.CancellationToken);
        var said = await server.HeardAsync();
        Assert.Contains("RCPT TO:<ana@example.org>", said, StringComparison.Ordinal);
        Assert.Contains("Subject: Confirm your e-mail address", said, StringComparison.Ordinal);
        Assert.Contains("/account/confirm?token=abc", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatOffersNoTls_GetsNoMessage()
    {
        using var server = new ScriptedMailServer();
        await Assert.ThrowsAsync<NotSupportedException>(() => new SmtpMailer(Options($"smtp://127.0.0.1:{server.Port}")).SendAsync(Message, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("ana@example.org", await server.HeardAsync(), StringComparison.Ordinal);
    }

    private static HrmsIdentityOptions Options(string server) =>
        new() { Postgres = "none", KeyFile = "none", ClientsFile = "none", Smtp = new Uri(server), MailFrom = "Records <records@example.org>" };

    /// <summary>Takes one message, in the clear (RFC 5321), and offers nothing.</summary>
    private sealed class ScriptedMailServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task<string> _heard;

        public ScriptedMailServer()
        {
            _listener.Start();
            _heard = ListenAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public Task<string> HeardAsync() => _heard.WaitAsync(TimeSpan.FromSeconds(30));

        public void Dispose() => _listener.Dispose();

        private async Task<string> ListenAsync()
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream);
            await using var writer = new StreamWriter(stream) { NewLine = "\r\n", AutoFlush = true };
            var (heard, isMessage) = (new System.Text.StringBuilder(), false);
            await writer.WriteLineAsync("220 script ready");
            while (await reader.ReadLineAsync() is { } line)
            {
                heard.AppendLine(line);
                if (isMessage && line != ".")
                    continue;
                isMessage = !isMessage && line == "DATA";
                await writer.WriteLineAsync(isMessage ? "354 go on" : line == "QUIT" ? "221 bye" : "250 fine");
                if (line == "QUIT")
                    break;
            }
            return heard.ToString();
        }
    }
}
