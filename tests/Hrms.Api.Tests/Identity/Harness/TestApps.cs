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

    /// <summary>The keys that the organisation's system has registered, by the algorithm that each signs with.</summary>
    public IReadOnlyDictionary<string, AsymmetricSecurityKey> ClinicKeys { get; }

    public TestApps() => ClinicKeys = new Dictionary<string, AsymmetricSecurityKey>
    {
        ["ES256"] = new ECDsaSecurityKey(ClinicKey) { KeyId = "clinic-1" }, ["ES384"] = new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP384)) { KeyId = "clinic-2" },
        ["RS384"] = new RsaSecurityKey(RSA.Create(2048)) { KeyId = "clinic-3" },
    };

    public Guid ClinicOrganization { get; } = Guid.NewGuid();

    public void Write(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
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
                hrms_organization = ClinicOrganization, scope = "account system/Observation.rs", jwks = new { keys = ClinicKeys.Select(key => PublicKey(key.Value, key.Key)) },
            },
        }));
    }

    /// <summary>As it stands in the file (RFC 7517); also what an attacker knows of it.</summary>
    public static Dictionary<string, string> PublicKey(AsymmetricSecurityKey key, string algorithm)
    {
        var all = JsonWebKeyConverter.ConvertFromSecurityKey(key);
        (string Name, string? Value)[] members = [("kty", all.Kty), ("crv", all.Crv), ("x", all.X), ("y", all.Y), ("n", all.N), ("e", all.E), ("kid", key.KeyId), ("alg", algorithm), ("use", "sig")];
        return members.Where(member => member.Value is not null).ToDictionary(member => member.Name, member => member.Value!);
    }

    private static object Native(string id, string name, string scope = "openid offline_access account fhirUser launch/patient patient/*.crus user/Observation.rs") => new
    {
        client_id = id, client_name = name, application_type = "native", redirect_uris = new[] { Redirect, AnyPort }, grant_types = new[] { "authorization_code", "refresh_token" },
        scope,
    };
}
