using System.Buffers.Text;
using GraphQL;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.PatientKeys;

/// <summary>A key with which the patient signs consents.</summary>
[Name("PatientKey")]
public sealed class PatientKeyType(PatientKeyView view)
{
    [Id]
    public Guid Id => view.Id.Value;

    public string Name => view.Name;

    [Description("By which a page asks the authenticator for it; base64url.")]
    public string CredentialId => Base64Url.EncodeToString(view.CredentialId);

    [Description("By which the ledger's register knows it: 32 random bytes. Who is told it can tell that the key there is this patient's.")]
    public string Pseudonym => $"0x{Convert.ToHexStringLower(view.Pseudonym)}";

    public DateTimeOffset RegisteredAt => view.RegisteredAt;

    [Description("Since when it signs nothing any more; null: it is in use.")]
    public DateTimeOffset? RetiredAt => view.RetiredAt;

    [Description("What the ledger says of it.")]
    public PatientKeyAnchoring OnLedger => view.OnLedger;

    [Description("The event of the patient's stream that registered it: what a proof is asked for.")]
    public long StreamVersion => view.StreamVersion;
}

/// <summary>What the patient's key in use is to sign, so that a consent has the patient's own signature.</summary>
[Name("ConsentToSign")]
public sealed class ConsentToSignType(ConsentToSign toSign, RelyingParty party)
{
    [Id]
    public Guid Consent => toSign.Consent.Value;

    public int Version => toSign.Version;

    [Description("Until when the signature will be good.")]
    public DateTimeOffset ExpiresAt => toSign.ExpiresAt;

    [Description("The keccak256 of the paper's canonical bytes, which anybody computes from consentArtefact: docs/consent-artefact.md.")]
    public string Artefact => $"0x{Convert.ToHexStringLower(toSign.Artefact)}";

    [Description("The EIP-712 hash of artefact, key and time for the ledger's register of keys.")]
    public string Challenge => $"0x{Convert.ToHexStringLower(toSign.Challenge)}";

    [Description("JSON for PublicKeyCredential.parseRequestOptionsFromJSON.")]
    public string RequestOptions => PasskeyOptions.Request(party, toSign.Challenge, toSign.CredentialId);
}

/// <summary>That the patient signed a version of a consent.</summary>
[Name("ConsentSignature")]
public sealed class ConsentSignatureType(ConsentSignatureView view)
{
    [Id]
    public Guid Consent => view.Consent.Value;

    public int Version => view.Version;

    [Id]
    public Guid PatientKey => view.Key.Value;

    public DateTimeOffset SignedAt => view.SignedAt;

    public DateTimeOffset ExpiresAt => view.ExpiresAt;

    [Description("The event of the patient's stream that holds the signature: what a proof is asked for.")]
    public long StreamVersion => view.StreamVersion;
}
