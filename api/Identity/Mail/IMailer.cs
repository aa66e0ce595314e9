namespace Hrms.Api.Identity.Mail;

/// <summary>A message to one person, in plain text.</summary>
public sealed record MailMessage(string To, string Subject, string Text);

/// <summary>Sends mail. The embedded default puts files into a folder; who runs a service registers one that sends.</summary>
public interface IMailer
{
    Task SendAsync(MailMessage message, CancellationToken cancellationToken);
}
