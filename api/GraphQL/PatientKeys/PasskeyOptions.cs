using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.PatientKeys;

/// <summary>
/// What a page hands to <c>parseCreationOptionsFromJSON</c> and <c>parseRequestOptionsFromJSON</c> (Web Authentication, level 3, sections 5.1.9 and 5.1.10). The key is no passkey to sign in with: it can't be found
/// without its id, so no page can have a consent signed in the guise of a sign-in.
/// </summary>
internal static class PasskeyOptions
{
    private const int Milliseconds = 300_000, UserIdBytes = 32, Es256 = -7;

    public static string Creation(RelyingParty party, byte[] challenge) => JsonSerializer.Serialize(new
    {
        rp = new { id = party.Id, name = party.Id },
        // A new one each time: an authenticator would put the key in the place of another one of the same user's.
        user = new { id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(UserIdBytes)), name = "Consents", displayName = "Consents" },
        challenge = Base64Url.EncodeToString(challenge),
        pubKeyCredParams = new[] { new { type = "public-key", alg = Es256 } },
        timeout = Milliseconds,
        authenticatorSelection = new { residentKey = "discouraged", requireResidentKey = false, userVerification = "required" },
        attestation = "none",
    });

    /// <param name="credentialId">Null: the page puts in the credential that it has just created.</param>
    public static string Request(RelyingParty party, byte[] challenge, byte[]? credentialId) => JsonSerializer.Serialize(new
    {
        challenge = Base64Url.EncodeToString(challenge),
        rpId = party.Id,
        allowCredentials = credentialId is null ? [] : new[] { new { type = "public-key", id = Base64Url.EncodeToString(credentialId) } },
        userVerification = "required",
        timeout = Milliseconds,
    });
}
