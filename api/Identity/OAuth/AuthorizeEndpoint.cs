using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Pages;
using Hrms.Contracts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using OAuthErrors = OpenIddict.Abstractions.OpenIddictConstants.Errors;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// An app asks in the person's browser. OpenIddict has checked the request (client, redirect address, PKCE) when it comes here; here its scopes are looked at, and the person signs in, reads what
/// the app wants, and says yes or no. Nothing is ever agreed to without the screen.
/// </summary>
internal static class AuthorizeEndpoint
{
    /// <summary>OpenID Connect Core Error Code unmet_authentication_requirements 1.0; RFC 9470, section 5.</summary>
    private const string UnmetAuthenticationRequirements = "unmet_authentication_requirements";

    public static async Task<IResult> HandleAsync(
        HttpContext http, SessionOf session, ConnectedApps apps, ScopesOfApps scopes, Standing standing, Launches launches, AccountHistory history, IAntiforgery antiforgery, SignInAsked signInAsked,
        PublicAddress address, IStringLocalizer<Words> words)
    {
        var request = http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("OpenIddict has not seen this request.");
        if (!SmartConfiguration.IsMeant((string?)request["aud"], address))
            return Refuse(OAuthErrors.InvalidRequest, "The aud is not this server.");
        if (await scopes.WrongWithAsync(request, ScopeContext.System) is { } wrong)
            return Refuse(OAuthErrors.InvalidScope, wrong);
        var silent = request.HasPromptValue(PromptValues.None);
        if (await session.AccountAsync(http) is not { } account || SessionOf.SignedIn(http) is not { } signedIn || signInAsked.IsFor(request, signedIn))
            return silent ? Refuse(OAuthErrors.LoginRequired, "The person has to sign in.") : Results.Redirect(SignInFirst(http, request, signInAsked));
        if (SignInAsked.ClassFor(request, signedIn) is not { } contextClass)
            return Refuse(UnmetAuthenticationRequirements, "The person did not sign in in a way that acr_values asks for.");
        if (!await standing.MayComeAsync(account))
            return Refuse(OAuthErrors.AccessDenied, Standing.None);
        if (silent)
            return Refuse(OAuthErrors.ConsentRequired, "The person has to agree on the screen.");
        var app = await apps.AppAsync(request.ClientId!, http.RequestAborted) ?? throw new InvalidOperationException("OpenIddict let an unknown client pass.");
        // Only a form of ours carries the token: an app that posts its request here gets the screen.
        var decision = HttpMethods.IsPost(http.Request.Method) && await antiforgery.IsRequestValidAsync(http) ? (string?)http.Request.Form["decision"] : null;
        var open = await launches.OfAsync(request, account, decision is null ? null : (string?)http.Request.Form[Launches.ChosenField]);
        if (open.Wrong is { } notOpen)
            return Refuse(open.Handle is null && request["launch"] is null ? OAuthErrors.InvalidScope : OAuthErrors.InvalidRequest, notOpen);
        switch (decision)
        {
            case "allow" when open.Choices is null:
                if (open.Handle is { } handle && !await launches.TryUseAsync(handle, http.RequestAborted))
                    return Refuse(OAuthErrors.InvalidRequest, "This launch was used before. Launch the app again.");
                var identity = TokenClaims.Of(account, signedIn, contextClass);
                identity.SetScopes(request.GetScopes()).SetResources(DevelopmentIssuer.Audience);
                TokenClaims.Open(identity, open.Patient, open.Encounter);
                await history.RecordAsync(account, AccountEventKind.AppConnected, app.Name);
                identity.SetAuthorizationId(await apps.ConnectAsync(account, app, identity, http.RequestAborted));
                identity.SetDestinations(TokenClaims.DestinationsOf);
                return Results.SignIn(new ClaimsPrincipal(identity), null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
            case "deny":
                return Refuse(OAuthErrors.AccessDenied, "The person said no.");
            default:
                PageHeaders.AllowFormTo(http, request.RedirectUri!);
                return new RazorComponentResult<Consent>(new
                {
                    App = app.Name,
                    Wishes = words.InWords(request.GetScopes(), account.Role == HrmsRoles.Patient),
                    Fields = request.GetParameters().Where(parameter => !Array.Exists(OfTheForm, own => own == parameter.Key))
                        .Select(parameter => (parameter.Key, (string?)parameter.Value ?? "")).ToList(),
                    open.Launcher, Patient = open.Patient?.Value, Encounter = open.Encounter?.Value, Choices = open.Choices?.Select(patient => (patient.Patient.Value, patient.Since)).ToList(),
                });
        }
    }

    /// <summary>What our own form adds to the app's request.</summary>
    private static readonly string[] OfTheForm = ["decision", Launches.ChosenField, "__RequestVerificationToken"];

    private static string SignInFirst(HttpContext http, OpenIddictRequest request, SignInAsked signInAsked)
    {
        var parameters = HttpMethods.IsPost(http.Request.Method) ? http.Request.Form.ToList() : [.. http.Request.Query];
        return $"/account/sign-in{QueryString.Create("returnUrl", OAuthServer.Authorize + QueryString.Create(signInAsked.Noted(request, parameters)))}";
    }

    private static IResult Refuse(string error, string description) => Results.Forbid(
        new(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
