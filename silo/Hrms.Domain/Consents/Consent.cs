using System.Text.Json.Serialization;
using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Consents;

/// <summary>A consent in the patient's state.</summary>
/// <param name="Secret">256 random bits; their hash is published when this version ends (<see cref="Proofs.Nullifier"/>).</param>
public sealed record Consent(
    ConsentId Id, int Version, ConsentTerms Terms, DateTimeOffset GrantedAt, DateTimeOffset? RevokedAt, long StreamVersion, byte[] Secret)
{
    /// <summary>Every version, oldest first, the present one included.</summary>
    public IReadOnlyList<ConsentVersion> History { get; init; } = [];

    /// <summary>The FHIR Consent that it was given by, as JSON.</summary>
    public string? Paper { get; init; }

    /// <summary>Whether this is a delegation in a consent's clothes (<see cref="Delegation.AsConsent"/>); never stored.</summary>
    [JsonIgnore]
    internal bool IsDelegation { get; init; }

    internal static Consent Granted(ConsentGranted e, long version, Actor patient) => new(e.Consent, 1, e.Terms, e.At, null, version, e.Secret)
    {
        History = [new ConsentVersion(1, ConsentStatus.Active, e.Terms, e.At, e.By ?? patient, version, e.ImpactAcknowledged ?? false)],
        Paper = e.Paper,
    };

    internal Consent Amended(ConsentAmended e, long version) => this with
    {
        Version = e.Version, Terms = e.Terms, StreamVersion = version, Secret = e.Secret,
        History = [.. History, new ConsentVersion(e.Version, ConsentStatus.Active, e.Terms, e.At, e.By, version, e.ImpactAcknowledged ?? false, e.Command)],
    };

    internal Consent Revoked(ConsentRevoked e, long version, Actor patient) => this with
    {
        Version = e.Version, RevokedAt = e.At, StreamVersion = version,
        History = [.. History, new ConsentVersion(e.Version, ConsentStatus.Revoked, Terms, e.At, e.By ?? patient, version)],
    };

    /// <summary>A snapshot that was written before versions were kept has none: they are what the grant and the revocation made.</summary>
    internal Consent WithHistory(Actor patient) => History is { Count: > 0 } ? this : this with
    {
        History =
        [
            new ConsentVersion(1, ConsentStatus.Active, Terms, GrantedAt, patient, StreamVersion),
            .. RevokedAt is { } revoked ? [new ConsentVersion(Version, ConsentStatus.Revoked, Terms, revoked, patient, StreamVersion)] : Array.Empty<ConsentVersion>(),
        ],
    };

    public ConsentView View() => new(
        Id, Version, RevokedAt is null ? ConsentStatus.Active : ConsentStatus.Revoked, Terms, GrantedAt, RevokedAt, StreamVersion, Paper: Paper);
}
