using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
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
    private static readonly string[] WrongCode = ["There is no device with this code, or it is over. Look at the device again: a new code may be on it."];

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

    private static async Task<IResult> AnswerAsync(HttpContext http, SessionOf session, ConnectedApps apps, IAntiforgery antiforgery)
    {
        if (await session.AccountAsync(http) is not { } account)
            return SignInFirst(http);
        if (account.Role != HrmsRoles.Patient)
            return ForPatientsOnly();
        if (!await antiforgery.IsRequestValidAsync(http))
            return new RazorComponentResult<DeviceCode>();
        var typed = (string?)http.Request.Form[Parameters.UserCode];
        var hub = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        if (hub?.GetClaim(Claims.ClientId) is not { } clientId || await apps.AppAsync(clientId, http.RequestAborted) is not { } app)
            return new RazorComponentResult<DeviceCode>(new { Problems = WrongCode, Code = typed });
        switch ((string?)http.Request.Form["decision"])
        {
            case "allow":
                var identity = TokenClaims.Of(account, session.SignedInAt(http)!.Value, session.EpochOf(http));
                identity.SetScopes(hub.GetScopes()).SetResources(DevelopmentIssuer.Audience);
                identity.SetAuthorizationId(await apps.ConnectAsync(account, app, identity, http.RequestAborted));
                identity.SetDestinations(TokenClaims.DestinationsOf);
                return Results.SignIn(new ClaimsPrincipal(identity), Then("allowed"), OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
            case "deny":
                return Results.Forbid(Then("refused"), [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
            default:
                return new RazorComponentResult<DeviceConsent>(new { App = app.Name, Code = typed, Wishes = HrmsScopes.InWords(hub.GetScopes()) });
        }
    }

    /// <summary>Which page is shown when the code is used up.</summary>
    private static AuthenticationProperties Then(string answer) => new() { RedirectUri = $"/account/device/{answer}" };

    private static IResult SignInFirst(HttpContext http) =>
        Results.LocalRedirect($"/account/sign-in{QueryString.Create("returnUrl", OAuthServer.Verify + http.Request.QueryString)}");

    private static RazorComponentResult<Message> ForPatientsOnly() => new(new
    {
        Title = "For patients", Text = "Devices are connected by patients alone.", Next = "/account", NextText = "Your account",
    });
}
