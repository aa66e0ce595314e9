using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Hrms.Api.Identity.Mail;

/// <summary>Sends through a mail server (RFC 5321), encrypted or not at all. A connection for each message: there are few.</summary>
internal sealed class SmtpMailer(HrmsIdentityOptions options) : IMailer
{
    /// <summary>STARTTLS; TLS from the first byte; in the clear, for this machine.</summary>
    public const string StartTls = "smtp", Tls = "smtps", Plain = "smtp+plain";

    private const int PortOfSubmission = 587, PortOfTls = 465, PortOfPlain = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static readonly string[] Schemes = [StartTls, Tls, Plain];

    public async Task SendAsync(MailMessage message, CancellationToken cancellationToken)
    {
        using var mail = new MimeMessage(
            (IEnumerable<InternetAddress>)[MailboxAddress.Parse(options.MailFrom!)], [MailboxAddress.Parse(message.To)], message.Subject, new TextPart("plain") { Text = message.Text });
        using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
        var server = options.Smtp!;
        var (port, security) = server.Scheme switch
        {
            Tls => (PortOfTls, SecureSocketOptions.SslOnConnect),
            StartTls => (PortOfSubmission, SecureSocketOptions.StartTls),
            _ => (PortOfPlain, SecureSocketOptions.None),
        };
        await client.ConnectAsync(server.Host, server.IsDefaultPort || server.Port < 0 ? port : server.Port, security, cancellationToken);
        if (options.SmtpUser is { } user)
            await client.AuthenticateAsync(user, (await File.ReadAllTextAsync(options.SmtpPasswordFile!, cancellationToken)).Trim(), cancellationToken);
        await client.SendAsync(mail, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
    }
}
