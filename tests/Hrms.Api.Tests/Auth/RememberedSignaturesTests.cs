using System.Security.Claims;
using System.Security.Cryptography;
using Hrms.Api.Auth;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Tests.Auth;

/// <summary>A signature that was verified is not verified again; everything else of a token is.</summary>
public sealed class RememberedSignaturesTests
{
    private static readonly DateTime Now = DateTime.UtcNow;
    private readonly ECDsaSecurityKey _key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly RememberedSignatures _remembered = new(entriesMax: 2);

    [Fact]
    public async Task SameToken_IsAcceptedAgain()
    {
        var token = Token("ana");
        for (var i = 0; i < 3; i++)
            Assert.Equal("ana", (await ValidateAsync(token, _key)).ClaimsIdentity.FindFirst("sub")?.Value);
    }

    [Fact]
    public async Task ChangedToken_IsRefused_AfterTheRightOneWasSeen()
    {
        var (ana, lee) = (Token("ana"), Token("lee"));
        Assert.True((await ValidateAsync(ana, _key)).IsValid);
        Assert.True((await ValidateAsync(lee, _key)).IsValid);
        var mixed = string.Join('.', [.. ana.Split('.')[..2], lee.Split('.')[2]]);
        Assert.IsType<SecurityTokenInvalidSignatureException>((await ValidateAsync(mixed, _key)).Exception, exactMatch: false);
    }

    [Fact]
    public async Task ExpiredToken_IsRefused_ThoughItsSignatureIsRemembered()
    {
        var token = Token("ana");
        Assert.True((await ValidateAsync(token, _key)).IsValid);
        var late = await ValidateAsync(token, _key, (_, expires, _, _) => expires > Now.AddHours(2));
        Assert.IsType<SecurityTokenInvalidLifetimeException>(late.Exception, exactMatch: false);
    }

    [Fact]
    public async Task AnotherKey_RemembersNothingOfTheFirst()
    {
        var token = Token("ana");
        Assert.True((await ValidateAsync(token, _key)).IsValid);
        Assert.False((await ValidateAsync(token, new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)))).IsValid);
    }

    [Fact]
    public async Task MoreTokensThanEntries_AreAllAccepted()
    {
        var tokens = Enumerable.Range(0, 5).Select(i => Token($"patient {i}")).ToList();
        foreach (var token in tokens.Concat(tokens))
            Assert.True((await ValidateAsync(token, _key)).IsValid);
    }

    private string Token(string subject) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Subject = new ClaimsIdentity([new Claim("sub", subject)]),
        NotBefore = Now, IssuedAt = Now, Expires = Now.AddHours(1),
        SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.EcdsaSha256),
    });

    private Task<TokenValidationResult> ValidateAsync(string token, SecurityKey key, LifetimeValidator? lifetime = null) =>
        new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new TokenValidationParameters
        {
            CryptoProviderFactory = _remembered, IssuerSigningKey = key, ValidateIssuer = false, ValidateAudience = false, LifetimeValidator = lifetime,
        });
}
