using System.ComponentModel.DataAnnotations;
using Hrms.Api.Identity;
using Hrms.Api.Identity.Mail;
using Hrms.Silo.Hosting;

namespace Hrms.Api.Hosting;

/// <summary>What an API process of its own needs to know, from configuration section <c>Hrms</c> (environment: <c>Hrms__Authority=…</c>). A wrong value stops the start.</summary>
public sealed class HrmsApiOptions : IValidatableObject
{
    /// <summary>PostgreSQL with the cluster's membership table, to find the silos: a role that may read that table alone will do.</summary>
    [Required]
    public string Membership { get; set; } = "";

    /// <summary>The silos' cluster.</summary>
    [Required]
    public string ClusterId { get; set; } = "hrms";

    /// <summary>Lanes of the ledger, as the silos have them. Default 1.</summary>
    [Range(1, 64)]
    public int LaneCount { get; set; } = 1;

    /// <summary>
    /// Milliseconds until a question that a silo died with is asked again, and half as many more until it is answered as unavailable, to be repeated with the same command id. Default 2,000:
    /// the other silos have noticed by then. Calls that walk a whole record have half a minute.
    /// </summary>
    [Range(100, 60_000)]
    public int AnswerWithinMilliseconds { get; set; } = 2_000;

    /// <summary>
    /// Milliseconds for which a process that was told to stop still serves while <c>/health/ready</c> says that it does not: longer than whoever sends it requests takes to notice. Default 5,000.
    /// </summary>
    [Range(0, 20_000)]
    public int DrainMilliseconds { get; set; } = 5_000;

    /// <summary>
    /// Milliseconds that requests under way then have to end before they are cut off; streams are closed at their beginning, with a code. Default 30,000, as long as the longest answer takes.
    /// </summary>
    [Range(0, 30_000)]
    public int StopWithinMilliseconds { get; set; } = 30_000;

    /// <summary>The identity server whose access tokens are taken: its issuer address, where OpenID Connect Discovery finds its keys. Null: this process keeps the accounts itself (<see cref="Identity"/>).</summary>
    public string? Authority { get; set; }

    /// <summary>Where this process keeps accounts and issues tokens, as every other one of the installation does: the section <c>Hrms:Identity</c>. Null: another server does.</summary>
    public HrmsIdentityOptions? Identity { get; set; }

    /// <summary>What the tokens must name as their audience.</summary>
    [Required]
    public string Audience { get; set; } = "urn:hrms:api";

    /// <summary>
    /// The address of the pages on which patients use keys of their own, such as <c>https://records.example</c>: for its domain authenticators sign. Null: patients have no keys here.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>
    /// The folder with the GraphQL documents that are accepted, as <c>*.graphql</c> files: what the installation's apps send, by id or as text. Any other document is refused
    /// (<c>DOCUMENT_NOT_TRUSTED</c>). Read at the start.
    /// </summary>
    public string? TrustedDocuments { get; set; }

    /// <summary>Whether any document within the limits is accepted instead. Default false: an open endpoint is somebody's decision.</summary>
    public bool AnyDocument { get; set; }

    /// <summary>Whether the identity server is asked over TLS alone. Default true; false is for a server on the same machine.</summary>
    public bool AuthorityOverTls { get; set; } = true;

    /// <summary>This process' certificate in the cluster, with what leads to the authority: a PEM file. Null: silos and API are on one machine.</summary>
    public string? ClusterCertificate { get; set; }

    /// <summary>Its private key: a PEM file that this user alone reads.</summary>
    public string? ClusterCertificateKey { get; set; }

    /// <summary>The authority (PEM) whose certificates the cluster's processes have, and nobody else.</summary>
    public string? ClusterAuthority { get; set; }

    /// <summary>What may travel in the clear beyond this machine: <c>Http</c>, <c>Cluster</c>, <c>Postgres</c>, <c>Mail</c>, with commas between. Default none.</summary>
    public PlaintextPaths Plaintext { get; set; }

    internal ClusterTls Tls => new(ClusterCertificate, ClusterCertificateKey, ClusterAuthority);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AnyDocument == (TrustedDocuments is not null))
            yield return new ValidationResult(
                "Name the folder of the apps' GraphQL documents (Hrms__TrustedDocuments=…), or let any document in (Hrms__AnyDocument=true); not both.", [nameof(TrustedDocuments)]);
        if (TrustedDocuments is { } folder && !Directory.Exists(folder))
            yield return new ValidationResult($"The folder of trusted documents, {folder}, is not there.", [nameof(TrustedDocuments)]);
        if (Authority is { Length: > 0 } == Identity is not null)
            yield return new ValidationResult("Say whose tokens are taken: Hrms:Authority names another identity server, the section Hrms:Identity makes this process one. One of the two.", [nameof(Authority)]);
        if (Identity is { PublicUrl: null })
            yield return new ValidationResult("Hrms:Identity:PublicUrl is the address that browsers and apps use for all processes, such as https://records.example.", [nameof(Identity)]);
        if (Tls.Wrong is { } tls)
            yield return new ValidationResult(tls, [nameof(ClusterCertificate)]);
        foreach (var postgres in new[] { Membership, Identity?.Postgres })
        {
            if (postgres is not null && TransportRules.Postgres(postgres, Plaintext) is { } wrong)
                yield return new ValidationResult(wrong, [nameof(Membership)]);
        }
        if (Identity?.Smtp is { } mail && MailTransport(mail) is { } open)
            yield return new ValidationResult(open, [nameof(Identity)]);
    }

    private string? MailTransport(Uri server) => server.Scheme == SmtpMailer.Plain && !TransportRules.IsThisMachine(server.Host) && !Plaintext.HasFlag(PlaintextPaths.Mail)
        ? "Mail would be sent without TLS beyond this machine. Use smtp:// (STARTTLS) or smtps://, or say Hrms:Plaintext=Mail." : null;
}
