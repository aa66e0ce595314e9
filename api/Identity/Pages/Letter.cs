using Hrms.Api.Identity.Mail;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Pages;

/// <summary>Mails in the language of who asks for them: what it is about, one address, and what to do when somebody else asked.</summary>
internal static class Letter
{
    /// <param name="names">What stands in its subject and before the address.</param>
    /// <param name="what">The words' key below <c>Mail</c>.</param>
    public static MailMessage Of(IStringLocalizer<Words> words, string what, string to, object address, params object[] names) =>
        new(to, words[$"Mail.{what}.Subject", names], $"{words[$"Mail.{what}.Before", names]}\n\n{address}\n\n{words[$"Mail.{what}.After"]}\n");
}
