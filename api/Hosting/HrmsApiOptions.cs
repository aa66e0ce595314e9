using System.ComponentModel.DataAnnotations;

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
    /// Milliseconds until a question to a silo that died under it is answered as unavailable, to be repeated with the same command id. Default 3,000: about when the
    /// other silos have noticed. Calls that walk a whole record have half a minute.
    /// </summary>
    [Range(100, 60_000)]
    public int AnswerWithinMilliseconds { get; set; } = 3_000;

    /// <summary>The identity server whose access tokens are taken: its issuer address, where OpenID Connect Discovery finds its keys.</summary>
    [Required]
    public string Authority { get; set; } = "";

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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AnyDocument == (TrustedDocuments is not null))
            yield return new ValidationResult(
                "Name the folder of the apps' GraphQL documents (Hrms__TrustedDocuments=…), or let any document in (Hrms__AnyDocument=true); not both.", [nameof(TrustedDocuments)]);
        if (TrustedDocuments is { } folder && !Directory.Exists(folder))
            yield return new ValidationResult($"The folder of trusted documents, {folder}, is not there.", [nameof(TrustedDocuments)]);
    }
}
