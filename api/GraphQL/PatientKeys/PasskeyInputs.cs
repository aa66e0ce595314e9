using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using GraphQL;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.PatientKeys;

/// <summary>The <c>response</c> of what <c>navigator.credentials.get</c> gave, as its <c>toJSON()</c> writes it: base64url.</summary>
public sealed record PasskeyAssertionInput(string AuthenticatorData, [property: Name("clientDataJSON")] string ClientDataJson, string Signature)
{
    // Far above what authenticators answer.
    private const int CharactersMax = 16_384;

    /// <summary>False, and which member: it is not base64url, or endless.</summary>
    internal bool TryRead([NotNullWhen(true)] out PasskeyAssertion? assertion, [NotNullWhen(false)] out Refusal? refusal)
    {
        assertion = null;
        if (TryRead(AuthenticatorData, "assertion.authenticatorData", out var data, out refusal)
            && TryRead(ClientDataJson, "assertion.clientDataJSON", out var client, out refusal) && TryRead(Signature, "assertion.signature", out var signature, out refusal))
            assertion = new PasskeyAssertion(data, client, signature);
        return assertion is not null;
    }

    internal static bool TryRead(string text, string place, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out Refusal? refusal)
    {
        bytes = text.Length <= CharactersMax && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
        refusal = bytes is null ? new Refusal(RefusalCode.Invalid, $"Base64url of at most {CharactersMax} characters is expected.", place) : null;
        return bytes is not null;
    }
}

public sealed record BeginPatientKeyInput([property: Id] Guid Patient);

/// <param name="PublicKey">What <c>response.getPublicKey()</c> of the new credential gave (SubjectPublicKeyInfo), base64url.</param>
/// <param name="Replaces">The key that is in use, when there is one: it is retired.</param>
public sealed record RegisterPatientKeyInput(
    [property: Id] Guid CommandId, [property: Id] Guid Patient, string Name, string CredentialId, string PublicKey, PasskeyAssertionInput Assertion, [property: Id] Guid? Replaces);

public sealed record RetirePatientKeyInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid PatientKey);

/// <param name="Version">As in the consentToSign that was signed.</param>
/// <param name="ExpiresAt">As there.</param>
public sealed record SignConsentInput(
    [property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Consent, int Version, DateTimeOffset ExpiresAt, PasskeyAssertionInput Assertion);
