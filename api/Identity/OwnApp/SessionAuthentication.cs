using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.OAuth;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hrms.Api.Identity.OwnApp;

/// <summary>
/// Our own web app has no token: the session's cookie stands for the person, with the claims that a token of the person's for the whole account would have. Asked only where <see cref="SameOrigin"/>
/// says that our own page asks.
/// </summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, UserManager<Account> accounts, Standing standing, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "hrms-session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var session = await Context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        if (!session.Succeeded || SessionOf.SignedIn(session.Properties) is not { } signedIn || await accounts.GetUserAsync(session.Principal) is not { } account)
            return AuthenticateResult.NoResult();
        if (!await standing.MayComeAsync(account))
            return AuthenticateResult.Fail(Standing.None);
        List<Claim> claims =
        [
            new("sub", $"{account.Id:D}"), new(HrmsClaims.Role, account.Role), new(HrmsClaims.Scope, TokenScope.Account),
            Number(HrmsClaims.Epoch, signedIn.Epoch), Number(JwtRegisteredClaimNames.Iat, signedIn.At.ToUnixTimeSeconds()), Number(JwtRegisteredClaimNames.AuthTime, signedIn.At.ToUnixTimeSeconds()),
            // A stream ends as one with a token does; who is still signed in comes back.
            Number(JwtRegisteredClaimNames.Exp, (clock.GetUtcNow() + TokenLifetimes.Access).ToUnixTimeSeconds()),
        ];
        if (SessionOf.IdOf(session.Properties) is { } id)
            claims.Add(new(SessionOf.IdClaim, $"{id:N}"));
        if (TokenClaims.PartyClaim(account.Role) is { } party)
            claims.Add(new(party, $"{account.Party:D}"));
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName, "sub", HrmsClaims.Role));
        return AuthenticateResult.Success(new AuthenticationTicket(principal, session.Properties, SchemeName));
    }

    private static Claim Number(string name, long value) => new(name, value.ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64);
}
