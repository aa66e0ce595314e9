using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>The apps that the tests' installation knows: one on the patient's machine, another one of the kind, a hub without a browser, and an organisation's own system.</summary>
public sealed class TestApps
{
    public const string Diary = "diary", Other = "other-app", Clinic = "clinic-system", Hub = "bedside-hub", Chart = "growth-chart";

    public const string Redirect = "http://127.0.0.1:7777/callback";

    /// <summary>Registered without a port, any is the same (RFC 8252, 7.3).</summary>
    private const string AnyPort = "http://127.0.0.1/callback";

    public ECDsa ClinicKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Guid ClinicOrganization { get; } = Guid.NewGuid();

    public void Write(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(ClinicKey.ExportParameters(false))) { KeyId = "clinic-1" });
        File.WriteAllText(Path.Combine(dataFolder, "oauth-clients.json"), JsonSerializer.Serialize(new object[]
        {
            Native(Diary, "Health Diary"), Native(Other, "Other App"),
            Native(Chart, "Growth Chart", "launch openid offline_access fhirUser launch/patient patient/*.rs user/*.rs"),
            new
            {
                client_id = Hub, client_name = "Bedside Hub", application_type = "native", grant_types = new[] { "urn:ietf:params:oauth:grant-type:device_code", "refresh_token" },
                scope = "offline_access account patient/Observation.crus user/Observation.rs",
            },
            new
            {
                client_id = Clinic, client_name = "St. Mary's", grant_types = new[] { "client_credentials" }, token_endpoint_auth_method = "private_key_jwt",
                hrms_organization = ClinicOrganization, scope = "account system/Observation.rs", jwks = new { keys = new[] { new { kty = key.Kty, crv = key.Crv, x = key.X, y = key.Y, kid = key.Kid, alg = "ES256", use = "sig" } } },
            },
        }));
    }

    private static object Native(string id, string name, string scope = "openid offline_access account fhirUser launch/patient patient/*.crus user/Observation.rs") => new
    {
        client_id = id, client_name = name, application_type = "native", redirect_uris = new[] { Redirect, AnyPort }, grant_types = new[] { "authorization_code", "refresh_token" },
        scope,
    };
}
