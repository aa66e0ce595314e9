using System.ComponentModel.DataAnnotations;

namespace Hrms.Api.Identity;

/// <summary>Where accounts live, and how the rest of the world reaches the pages and the OAuth server.</summary>
public sealed record HrmsIdentityOptions : IValidatableObject
{
    internal const int TriesPerMinuteUsual = 30;

    /// <summary>Npgsql connection string of the database with the schema <c>identity</c>, the only one that the API opens.</summary>
    [Required]
    public required string Postgres { get; init; }

    /// <summary>The key file (0600) that wraps what the schema holds in secret. Back it up apart from the database.</summary>
    [Required]
    public required string KeyFile { get; init; }

    /// <summary>The apps that people may connect: a JSON array of client metadata (RFC 7591, section 2). Read at start; without the file there are none.</summary>
    [Required]
    public required string ClientsFile { get; init; }

    /// <summary>Where mails are put as files when there is no <see cref="Smtp"/>.</summary>
    public string? OutboxFolder { get; init; }

    /// <summary>The mail server: <c>smtp://host:587</c> (TLS by STARTTLS, or nothing is sent), <c>smtps://host:465</c> (TLS from the first byte), or <c>smtp+plain://host:25</c>. Null: mails are files.</summary>
    public Uri? Smtp { get; init; }

    /// <summary>Whom mails are from, such as <c>Records &lt;records@example.org&gt;</c>; needed with <see cref="Smtp"/>.</summary>
    public string? MailFrom { get; init; }

    /// <summary>The account at the mail server. Null: it asks for none.</summary>
    public string? SmtpUser { get; init; }

    /// <summary>A file (mode 0600) with that account's password.</summary>
    public string? SmtpPasswordFile { get; init; }

    /// <summary>
    /// The address that browsers and apps use, which is also the issuer's name and, by its host, the passkeys' domain. The Host header of a request never counts. Null: this
    /// machine, at the port that the server listens on.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Tries a minute from one address at signing in, signing up and everything else that guesses could be made at. Default 30.</summary>
    [Range(1, 1_000_000)]
    public int TriesPerMinute { get; init; } = TriesPerMinuteUsual;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Smtp is null == OutboxFolder is null)
            yield return new ValidationResult("Mails go to a server (Smtp) or into a folder (OutboxFolder): name one of the two.", [nameof(Smtp)]);
        if (Smtp is { } server && !(Mail.SmtpMailer.Schemes.Contains(server.Scheme) && MailFrom is not null && SmtpUser is null == SmtpPasswordFile is null))
            yield return new ValidationResult("Smtp is smtp://host:587 or smtps://host:465 with MailFrom; SmtpUser and SmtpPasswordFile go together.", [nameof(Smtp)]);
        if (PublicUrl is { } url && !(url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)) && url.PathAndQuery == "/"))
            yield return new ValidationResult("The public URL is an https address without a path (http for this machine alone), such as https://records.example.", [nameof(PublicUrl)]);
    }
}
