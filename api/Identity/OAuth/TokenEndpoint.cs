using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Contracts;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using OAuthErrors = OpenIddict.Abstractions.OpenIddictConstants.Errors;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// Exchanges a code, a refresh token or a client's own signature for an access token. OpenIddict has checked all of them when they come here, that each is used once included;
/// here the account has its say: what was changed or locked since gets nothing.
/// </summary>
internal static class TokenEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext http, UserManager<Account> accounts, ConnectedApps apps, ScopesOfApps scopes, TokensOfPeople tokens, Standing standing, IGrainFactory grains,
        AccountHistory history, TimeProvider clock, PublicAddress address)
    {
        var request = http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("OpenIddict has not seen this request.");
        if (request.IsClientCredentialsGrantType())
            return await OfOrganizationAsync(request, apps, scopes, grains, history, http.RequestAborted);
        var given = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal
            ?? throw new InvalidOperationException("OpenIddict let a request without a token pass.");
        var now = clock.GetUtcNow();
        var due = TokenClaims.SignInDueAt(given);
        if (await accounts.FindByIdAsync(given.GetClaim(Claims.Subject)!) is not { } account || !TokenClaims.IsOfToday(given, account) || now >= due
            || await accounts.IsLockedOutAsync(account) || TokenClaims.SignedInOf(given).Epoch < (await tokens.EpochAsync(account)).Number)
            return Refuse("The person has to sign in again.");
        if (!await standing.MayComeAsync(account))
            return Refuse(Standing.None);

        var identity = TokenClaims.Of(account, TokenClaims.SignedInOf(given), TokenClaims.ContextClassOf(given));
        // Refreshed for less, it stays less (RFC 6749, section 6); OpenIddict refuses more.
        identity.SetScopes(request.GetScopes() is { Length: > 0 } fewer ? fewer : given.GetScopes()).SetResources(DevelopmentIssuer.Audience)
            .SetAuthorizationId(given.GetAuthorizationId());
        var (patient, encounter) = account.Role == HrmsRoles.Practitioner ? TokenClaims.OpenIn(given) : default;
        TokenClaims.Open(identity, patient, encounter);
        if (identity.HasScope(HrmsScopes.FhirUser) && account.Role is HrmsRoles.Patient or HrmsRoles.Practitioner)
            identity.SetClaim(TokenClaims.FhirUser, SmartConfiguration.UserUrl(address, account.Role, account.Party));
        identity.SetDestinations(TokenClaims.DestinationsOf);
        var idle = TokenLifetimes.RefreshIdle(account.Role);
        identity.SetRefreshTokenLifetime(idle < due - now ? idle : due - now);
        return SignIn(identity, ContextOf(identity, account, patient, encounter));
    }

    /// <summary>SMART App Launch 2, "Launch context arrives with your access_token".</summary>
    private static Dictionary<string, object?> ContextOf(ClaimsIdentity identity, Account account, PatientId? patient, RecordId? encounter)
    {
        Dictionary<string, object?> context = [];
        if (identity.HasScope(HrmsScopes.LaunchPatient) || identity.HasScope(HrmsScopes.Launch))
            context[HrmsClaims.Patient] = $"{patient?.Value ?? account.Party:D}";
        if (encounter is { } stay)
            context["encounter"] = $"{stay.Value:D}";
        return context;
    }

    private static async Task<IResult> OfOrganizationAsync(OpenIddictRequest request, ConnectedApps apps, ScopesOfApps scopes, IGrainFactory grains, AccountHistory history, CancellationToken cancellationToken)
    {
        var app = await apps.AppAsync(request.ClientId!, cancellationToken);
        if (app?.Organization is not { } organization)
            return Refuse("The client is no organisation's.");
        if (await scopes.WrongWithAsync(request, ScopeContext.Patient, ScopeContext.User) is { } wrong)
            return Refuse(wrong, OAuthErrors.InvalidScope);
        var standing = await grains.Grain<IProviderGrain>(organization).StandingAsync();
        if (!standing.IsAdmitted)
            return Refuse("The organisation is not admitted.");
        try
        {
            await history.SignInAsync(app.ClientId, organization);
        }
        catch (NotRecordedException)
        {
            return Refuse("The organisation's history can't be written now. Try again in a moment.", OAuthErrors.TemporarilyUnavailable);
        }
        var identity = TokenClaims.Of(app.ClientId, organization, standing.Tokens.Number);
        identity.SetScopes(request.GetScopes()).SetResources(DevelopmentIssuer.Audience);
        identity.SetDestinations(TokenClaims.DestinationsOf);
        return SignIn(identity, []);
    }

    /// <param name="context">What the app is told beside the token: SMART's launch context.</param>
    private static IResult SignIn(ClaimsIdentity identity, Dictionary<string, object?> context) =>
        Results.SignIn(new ClaimsPrincipal(identity), new AuthenticationProperties(null, context), OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);

    private static IResult Refuse(string description, string error = OAuthErrors.InvalidGrant) => Results.Forbid(
        new(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
