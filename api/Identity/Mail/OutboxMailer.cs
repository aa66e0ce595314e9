using System.Text;

namespace Hrms.Api.Identity.Mail;

/// <summary>Puts each message as a file (RFC 5322) into a folder that only its owner may read. A file is there as a whole or not at all.</summary>
internal sealed class OutboxMailer(HrmsIdentityOptions options, TimeProvider clock) : IMailer
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public async Task SendAsync(MailMessage message, CancellationToken cancellationToken)
    {
        var folder = options.OutboxFolder!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var now = clock.GetUtcNow();
        var path = Path.Combine(folder, $"{now:yyyyMMdd'T'HHmmssfff}-{Guid.NewGuid():N}.eml");
        var file = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            file.UnixCreateMode = OwnerOnly;
        await using (var writer = new StreamWriter($"{path}.new", Encoding.UTF8, file))
            await writer.WriteAsync($"To: {OneLine(message.To)}\r\nSubject: {Encoded(OneLine(message.Subject))}\r\nDate: {now:R}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{message.Text}".AsMemory(), cancellationToken);
        File.Move($"{path}.new", path);
    }

    /// <summary>RFC 2047, section 2, when there is more in it than ASCII; ours are short enough for one word.</summary>
    private static string Encoded(string text) => System.Text.Ascii.IsValid(text) ? text : $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}?=";

    // Nobody gets a header in by an address with a line break.
    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
