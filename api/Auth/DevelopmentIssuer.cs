using System.Globalization;
using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Auth;

/// <summary>
/// Issues bearer tokens (JWT, ES256: RFC 7518, 3.4) for the embedded mode, and exists in no other. Its key lies in the data folder, mode 0600; whoever can read
/// that folder can be anybody. An identity server takes its place in production; the checks stay.
/// </summary>
public sealed class DevelopmentIssuer(string dataFolder)
{
    public const string Issuer = "urn:hrms:development";
    public const string Audience = "urn:hrms:api";
    private const string KeyFileName = "development-issuer.pem";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lazy<ECDsaSecurityKey> _key = new(() => OpenOrCreate(Path.Combine(dataFolder, "keys", KeyFileName)));

    public SecurityKey Key => _key.Value;

    /// <summary>A signed token with the given claims. Lifetimes up to a day: it is for a person at a terminal.</summary>
    public string Issue(IEnumerable<Claim> claims, TimeSpan lifetime, TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var token = new JwtSecurityToken(
            Issuer, Audience, claims.Append(new Claim(JwtRegisteredClaimNames.Jti, Guid.NewGuid().ToString("N"))).Concat(Issued(claims, clock)), now, now + lifetime,
            new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256));
        return new JwtSecurityTokenHandler { OutboundClaimTypeMap = new Dictionary<string, string>() }.WriteToken(token);
    }

    /// <summary>When it is issued and, since whoever has the key is who they say, when they proved it; unless the claims say otherwise.</summary>
    private static IEnumerable<Claim> Issued(IEnumerable<Claim> claims, TimeProvider clock) =>
        new[] { JwtRegisteredClaimNames.Iat, JwtRegisteredClaimNames.AuthTime }.Except(claims.Select(claim => claim.Type))
            .Select(name => new Claim(name, EpochTime.GetIntDate(clock.GetUtcNow().UtcDateTime).ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64));

    private static ECDsaSecurityKey OpenOrCreate(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!File.Exists(path))
            Create(path);
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return new ECDsaSecurityKey(key) { KeyId = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16] };
    }

    private static void Create(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var draft = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var file = new StreamWriter(draft, options))
            file.Write(key.ExportPkcs8PrivateKeyPem());
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it meanwhile: its key is the key.
            File.Delete(draft);
        }
    }
}
