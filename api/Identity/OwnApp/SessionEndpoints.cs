using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.OAuth;
using Microsoft.AspNetCore.Identity;

namespace Hrms.Api.Identity.OwnApp;

/// <summary>Who is signed in, for our own web app.</summary>
/// <param name="Kind">One of <see cref="HrmsRoles"/>.</param>
/// <param name="Id">The patient's or practitioner's.</param>
/// <param name="Acr">What the sign-in is worth, <see cref="AuthenticationMethods.Classes"/>.</param>
/// <param name="Amr">By what it was made (RFC 8176).</param>
/// <param name="EndsAt">When the person signs in again at the latest; a quarter of an hour without a request ends the session before.</param>
internal sealed record SessionView(string Kind, Guid Id, string? Email, DateTimeOffset SignedInAt, string? Acr, IReadOnlyList<string> Amr, DateTimeOffset EndsAt);

/// <summary>
/// What our own web app, which is on our own origin below <see cref="App"/>, needs in the place of tokens (OAuth 2.0 for Browser-Based Applications, section 6.1): who is there, in, and out. Everything else it asks
/// of <c>/graphql</c> and <c>/fhir</c>, with the cookie and the header <see cref="SameOrigin.Header"/>.
/// </summary>
internal static class SessionEndpoints
{
    public const string App = "/app";

    public static void Map(WebApplication app)
    {
        var session = app.MapGroup(SameOrigin.Session);
        session.MapGet("", ViewAsync);
        // Also for who is signed in: what asks for a fresh sign-in gets it here.
        session.MapGet("/sign-in", (string? returnUrl) => Results.LocalRedirect($"/account/sign-in{QueryString.Create("returnUrl", returnUrl ?? App)}"));
        session.MapPost("/sign-out", SignOutAsync);
    }

    private static async Task<IResult> ViewAsync(HttpContext http, UserManager<Account> accounts)
    {
        if (SessionOf.SignedIn(http) is not { } signedIn || CurrentAsker.ActorOf(http.User) is null || await accounts.FindByIdAsync(http.User.FindFirst("sub")!.Value) is not { } account)
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        return Results.Ok(new SessionView(
            account.Role, account.Party, account.Email, signedIn.At, AuthenticationMethods.ClassOf(signedIn.Methods, []), signedIn.Methods, signedIn.At + TokenLifetimes.PageInAll));
    }

    /// <summary>Nobody but our own page signs somebody out; who is out already stays so.</summary>
    private static async Task<IResult> SignOutAsync(HttpContext http, SignInManager<Account> signIn, EndedSessions ended, PublicAddress address)
    {
        if (!SameOrigin.Asks(http, address))
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        await ended.EndAsync(http);
        await signIn.SignOutAsync();
        SessionOf.Clear(http);
        return Results.NoContent();
    }
}
