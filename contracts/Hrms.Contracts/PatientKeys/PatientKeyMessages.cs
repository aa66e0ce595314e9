namespace Hrms.Contracts;

/// <summary>A key with which a patient signs consents.</summary>
[GenerateSerializer, Immutable, Alias("PatientKeyId")]
public readonly record struct PatientKeyId([property: Id(0)] Guid Value)
{
    public static PatientKeyId From(CommandId command) => new(NameBasedId.Create("patient-key", command.ToString()));

    public override string ToString() => Value.ToString("D");
}

/// <summary>For whom an authenticator signs (Web Authentication, level 3, section 4): what the edge knows of itself, never what a request says.</summary>
/// <param name="Id">The domain, such as <c>records.example</c>.</param>
/// <param name="Origin">Where its pages are, such as <c>https://records.example</c>.</param>
[GenerateSerializer, Immutable, Alias("RelyingParty")]
public sealed record RelyingParty([property: Id(0)] string Id, [property: Id(1)] string Origin);

/// <summary>What an authenticator answered (Web Authentication, level 3, section 5.2.2).</summary>
/// <param name="Signature">ASN.1 DER, as authenticators give it.</param>
[GenerateSerializer, Immutable, Alias("PasskeyAssertion")]
public sealed record PasskeyAssertion([property: Id(0)] byte[] AuthenticatorData, [property: Id(1)] byte[] ClientData, [property: Id(2)] byte[] Signature);

/// <summary>What the patient's new key must sign, once, so that nobody registers a key that they don't have.</summary>
[GenerateSerializer, Immutable, Alias("PatientKeyChallenge")]
public sealed record PatientKeyChallenge([property: Id(0)] byte[] Challenge, [property: Id(1)] DateTimeOffset ExpiresAt);

/// <summary>The patient registers a key. Sent by the GraphQL edge.</summary>
/// <param name="PublicKey">P-256, as SubjectPublicKeyInfo (RFC 5480), DER: what <c>getPublicKey()</c> of a new credential gives.</param>
/// <param name="Proof">The new key's assertion over the challenge that was given last.</param>
/// <param name="Replaces">The key that it takes the place of; null when there is none in use.</param>
[GenerateSerializer, Immutable, Alias("RegisterPatientKey")]
public sealed record RegisterPatientKey(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] RelyingParty RelyingParty, [property: Id(3)] string Name,
    [property: Id(4)] byte[] CredentialId, [property: Id(5)] byte[] PublicKey, [property: Id(6)] PasskeyAssertion Proof, [property: Id(7)] PatientKeyId? Replaces = null);

/// <summary>The patient's key signs nothing any more: lost, stolen or unwanted. Sent by the GraphQL edge.</summary>
[GenerateSerializer, Immutable, Alias("RetirePatientKey")]
public sealed record RetirePatientKey([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] PatientKeyId Key);

/// <summary>What the ledger says of a patient's key.</summary>
[GenerateSerializer]
public enum PatientKeyAnchoring
{
    /// <summary>Not there yet, or never to be there: it was retired before.</summary>
    Absent = 1,
    Registered = 2,
    Retired = 3,
}

/// <summary>A key as its patient sees it.</summary>
/// <param name="CredentialId">By which an app asks the authenticator for it.</param>
/// <param name="Pseudonym">32 random bytes that the ledger knows it by.</param>
/// <param name="StreamVersion">The event that registered it.</param>
[GenerateSerializer, Immutable, Alias("PatientKeyView")]
public sealed record PatientKeyView(
    [property: Id(0)] PatientKeyId Id, [property: Id(1)] string Name, [property: Id(2)] byte[] CredentialId, [property: Id(3)] byte[] Pseudonym,
    [property: Id(4)] DateTimeOffset RegisteredAt, [property: Id(5)] DateTimeOffset? RetiredAt, [property: Id(6)] PatientKeyAnchoring OnLedger,
    [property: Id(7)] long StreamVersion);

/// <summary>What the patient's key is to sign so that a consent has the patient's own signature.</summary>
/// <param name="Artefact">The keccak256 of the paper's canonical bytes (docs/consent-artefact.md).</param>
/// <param name="Challenge">The EIP-712 hash that binds it to key, contract and chain.</param>
/// <param name="CredentialId">Of the key in use.</param>
[GenerateSerializer, Immutable, Alias("ConsentToSign")]
public sealed record ConsentToSign(
    [property: Id(0)] ConsentId Consent, [property: Id(1)] int Version, [property: Id(2)] DateTimeOffset ExpiresAt, [property: Id(3)] byte[] Artefact,
    [property: Id(4)] byte[] Challenge, [property: Id(5)] byte[] CredentialId);

/// <summary>The patient signs a consent with the key in use. Sent by the GraphQL edge.</summary>
/// <param name="Version">The version that was signed, which must be the newest.</param>
/// <param name="ExpiresAt">As in the <see cref="ConsentToSign"/> that was signed.</param>
[GenerateSerializer, Immutable, Alias("SignConsent")]
public sealed record SignConsent(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] RelyingParty RelyingParty, [property: Id(3)] ConsentId Consent,
    [property: Id(4)] int Version, [property: Id(5)] DateTimeOffset ExpiresAt, [property: Id(6)] PasskeyAssertion Assertion);

/// <summary>That the patient signed a version of a consent.</summary>
/// <param name="StreamVersion">The event that holds the signature: what a proof is asked for.</param>
[GenerateSerializer, Immutable, Alias("ConsentSignatureView")]
public sealed record ConsentSignatureView(
    [property: Id(0)] ConsentId Consent, [property: Id(1)] int Version, [property: Id(2)] PatientKeyId Key, [property: Id(3)] DateTimeOffset SignedAt,
    [property: Id(4)] DateTimeOffset ExpiresAt, [property: Id(5)] long StreamVersion);
