using Hrms.Api.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Load.Running;

/// <summary>
/// An identity server as an API process of its own sees one: what OpenID Connect Discovery asks for, and a key that tokens are signed with. For systems of several
/// processes that this program, or a test, starts: whoever has the issuer makes tokens for anybody.
/// </summary>
internal sealed class TokenAuthority : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TokenAuthority(WebApplication app, DevelopmentIssuer issuer) => (_app, Issuer) = (app, issuer);

    public DevelopmentIssuer Issuer { get; }

    public string Url => _app.Urls.First();

    /// <param name="folder">Gets the key.</param>
    /// <param name="url">Where it listens.</param>
    public static async Task<TokenAuthority> StartAsync(string folder, string url = "http://127.0.0.1:0")
    {
        var issuer = new DevelopmentIssuer(folder);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", (HttpRequest request) => Results.Json(new { issuer = DevelopmentIssuer.Issuer, jwks_uri = $"http://{request.Host}/keys" }));
        var key = ((ECDsaSecurityKey)issuer.Key).ECDsa.ExportParameters(includePrivateParameters: false);
        app.MapGet("/keys", () => Results.Json(new
        {
            keys = new[] { new { kty = "EC", crv = "P-256", use = "sig", kid = issuer.Key.KeyId, x = Base64UrlEncoder.Encode(key.Q.X), y = Base64UrlEncoder.Encode(key.Q.Y) } },
        }));
        await app.StartAsync();
        return new TokenAuthority(app, issuer);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
