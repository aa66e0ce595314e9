using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hrms.Contracts;

namespace Hrms.Domain.PatientKeys;

/// <summary>A key with which the patient signs consents. Nothing of it leaves the seal but its pseudonym and the hash of the rest.</summary>
/// <param name="CredentialId">By which an authenticator knows it.</param>
/// <param name="Pseudonym">32 random bytes.</param>
/// <param name="Salt">32 random bytes that hide the key on the ledger.</param>
/// <param name="StreamVersion">The event that registered it.</param>
public sealed record PatientKey(
    PatientKeyId Id, string Name, byte[] CredentialId, byte[] X, byte[] Y, byte[] Salt, byte[] Pseudonym, DateTimeOffset RegisteredAt, DateTimeOffset? RetiredAt, long StreamVersion)
{
    [JsonIgnore]
    public byte[] Commitment => PatientSignature.Commitment(X, Y, Salt);

    public PatientKeyView View(PatientKeyAnchoring onLedger) => new(Id, Name, CredentialId, Pseudonym, RegisteredAt, RetiredAt, onLedger, StreamVersion);
}

/// <summary>That the patient signed a version of a consent; the signature itself is in the event.</summary>
public sealed record SignedConsent(ConsentId Consent, int Version, PatientKeyId Key, DateTimeOffset At, DateTimeOffset ExpiresAt, long StreamVersion, CommandId Command)
{
    public ConsentSignatureView View() => new(Consent, Version, Key, At, ExpiresAt, StreamVersion);
}

/// <summary>The patient's keys, oldest first, and what was signed with them: the newest signature of each version of a consent.</summary>
public sealed record PatientKeyBook(ImmutableList<PatientKey> Keys, ImmutableDictionary<(ConsentId, int), SignedConsent> Signed)
{
    public static readonly PatientKeyBook Empty = new([], ImmutableDictionary<(ConsentId, int), SignedConsent>.Empty);

    /// <summary>The one that is not retired; there is never a second.</summary>
    public PatientKey? InUse => Keys.Find(key => key.RetiredAt is null);

    public PatientKey? Find(PatientKeyId id) => Keys.Find(key => key.Id == id);

    public SignedConsent? SignatureOf(ConsentId consent, int version) => Signed.GetValueOrDefault((consent, version));

    public PatientKeyBook With(SignedConsent signed) => this with { Signed = Signed.SetItem((signed.Consent, signed.Version), signed) };

    public PatientKeyBook Retire(PatientKeyId id, DateTimeOffset at) =>
        Find(id) is { } key ? this with { Keys = Keys.Replace(key, key with { RetiredAt = at }) } : this;
}
