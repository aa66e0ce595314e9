using Hrms.Api.Auth;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// <c>.well-known/smart-configuration</c> (SMART App Launch 2, "Conformance"), beneath the FHIR base and at the root: where an app that knows the FHIR server finds the OAuth
/// server, and what of SMART holds here. Every capability that it names has a test.
/// </summary>
internal static class SmartConfiguration
{
    /// <summary>The FHIR base, which apps name as <c>aud</c>: they send a token to nobody else.</summary>
    public const string FhirBase = "/fhir";

    private const string Name = "/.well-known/smart-configuration";

    private static readonly string[] Capabilities =
    [
        "launch-standalone", "launch-ehr", "client-public", "client-confidential-asymmetric", "sso-openid-connect", "context-standalone-patient", "context-ehr-patient", "context-ehr-encounter",
        "permission-offline", "permission-patient", "permission-user", "permission-v2",
    ];

    public static void Map(WebApplication app)
    {
        foreach (var path in new[] { Name, FhirBase + Name })
            app.MapGet(path, (PublicAddress address) => Results.Json(Of(address))).AllowAnonymous();
    }

    /// <summary>Whether an app means us, when it says whom it means: else it was led here by somebody who would take its token elsewhere.</summary>
    public static bool IsMeant(string? audience, PublicAddress address) =>
        audience is null || new[] { address.At(FhirBase), address.Url }.Any(ours => ours.AbsoluteUri.TrimEnd('/') == audience.TrimEnd('/'));

    /// <summary>The person as FHIR knows them: the claim <c>fhirUser</c>.</summary>
    public static string UserUrl(PublicAddress address, string role, Guid party) =>
        address.At($"{FhirBase}/{(role == HrmsRoles.Patient ? "Patient" : "Practitioner")}/{party:D}").AbsoluteUri;

    private static Dictionary<string, object> Of(PublicAddress address) => new()
    {
        ["issuer"] = address.Url,
        ["jwks_uri"] = address.At("/.well-known/jwks"),
        ["authorization_endpoint"] = address.At(OAuthServer.Authorize),
        ["token_endpoint"] = address.At(OAuthServer.Token),
        ["device_authorization_endpoint"] = address.At(OAuthServer.DeviceAuthorization),
        ["introspection_endpoint"] = address.At(OAuthServer.Introspect),
        ["revocation_endpoint"] = address.At(OAuthServer.Revoke),
        ["management_endpoint"] = address.At("/account"),
        ["grant_types_supported"] = (string[])[GrantTypes.AuthorizationCode, GrantTypes.RefreshToken, GrantTypes.ClientCredentials, GrantTypes.DeviceCode],
        ["response_types_supported"] = (string[])[ResponseTypes.Code],
        ["token_endpoint_auth_methods_supported"] = (string[])[ClientAuthenticationMethods.None, ClientAuthenticationMethods.PrivateKeyJwt],
        ["token_endpoint_auth_signing_alg_values_supported"] = AssertionTypes.SigningAlgorithms,
        ["code_challenge_methods_supported"] = (string[])[CodeChallengeMethods.Sha256],
        ["scopes_supported"] = HrmsScopes.Supported,
        ["capabilities"] = Capabilities,
    };
}
