using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// Where a patient types the code that a hub shows (RFC 8628, section 3.3), reads what the hub wants, and says yes or no. A code is looked at only when our own form sends it, so that tries are
/// limited and no link answers for anybody; the code in an address (section 3.3.1) is put into the form, and the patient sends it.
/// </summary>
internal static class VerifyEndpoint
{
    public static void Map(WebApplication app)
    {
        app.MapGet(OAuthServer.Verify, AskAsync);
        app.MapPost(OAuthServer.Verify, AnswerAsync).RequireRateLimiting(HrmsIdentity.Tries);
    }

    private static async Task<IResult> AskAsync(HttpContext http, SessionOf session)
    {
        if (await session.AccountAsync(http) is not { } account)
            return SignInFirst(http);
        return account.Role == HrmsRoles.Patient ? new RazorComponentResult<DeviceCode>(new { Code = (string?)http.Request.Query[Parameters.UserCode] }) : ForPatientsOnly();
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, SessionOf session, ConnectedApps apps, IAntiforgery antiforgery, IStringLocalizer<Words> words)
    {
        if (await session.AccountAsync(http) is not { } account || SessionOf.SignedIn(http) is not { } signedIn)
            return SignInFirst(http);
        if (account.Role != HrmsRoles.Patient)
            return ForPatientsOnly();
        if (!await antiforgery.IsRequestValidAsync(http))
            return new RazorComponentResult<DeviceCode>();
        var typed = (string?)http.Request.Form[Parameters.UserCode];
        var hub = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        if (hub?.GetClaim(Claims.ClientId) is not { } clientId || await apps.AppAsync(clientId, http.RequestAborted) is not { } app)
            return new RazorComponentResult<DeviceCode>(new { Problems = (string[])[words["Device.Wrong"]], Code = typed });
        switch ((string?)http.Request.Form["decision"])
        {
            case "allow":
                var identity = TokenClaims.Of(account, signedIn, AuthenticationMethods.ClassOf(signedIn.Methods, [])!);
                identity.SetScopes(hub.GetScopes()).SetResources(DevelopmentIssuer.Audience);
                identity.SetAuthorizationId(await apps.ConnectAsync(account, app, identity, http.RequestAborted));
                identity.SetDestinations(TokenClaims.DestinationsOf);
                return Results.SignIn(new ClaimsPrincipal(identity), Then("allowed"), OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
            case "deny":
                return Results.Forbid(Then("refused"), [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
            default:
                return new RazorComponentResult<DeviceConsent>(new { App = app.Name, Code = typed, Wishes = words.InWords(hub.GetScopes()) });
        }
    }

    /// <summary>Which page is shown when the code is used up.</summary>
    private static AuthenticationProperties Then(string answer) => new() { RedirectUri = $"/account/device/{answer}" };

    private static IResult SignInFirst(HttpContext http) =>
        Results.LocalRedirect($"/account/sign-in{QueryString.Create("returnUrl", OAuthServer.Verify + http.Request.QueryString)}");

    private static RazorComponentResult<Message> ForPatientsOnly() => new(new { What = "ForPatients", Next = "/account", NextIs = "Home" });
}
