using System.Globalization;
using Hrms.Api.Identity.OAuth;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace Hrms.Api.Identity.Accounts;

/// <summary>Who is signed in on our own pages, and since when.</summary>
internal sealed class SessionOf(UserManager<Account> accounts)
{
    private const string SignedInItem = "hrms_signed_in_at";

    public async Task<Account?> AccountAsync(HttpContext http) => http.User.Identity?.IsAuthenticated == true ? await accounts.GetUserAsync(http.User) : null;

    /// <summary>When the person last proved who they are; null when nobody is signed in.</summary>
    public DateTimeOffset? SignedInAt(HttpContext http) => At(http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties);

    /// <summary>The cookie: for this browser's session, idle for a quarter of an hour at most, in all for a working day, and ended by whatever changes how the account is entered.</summary>
    public static void Configure(CookieAuthenticationOptions cookie, bool secure)
    {
        cookie.Cookie.Name = secure ? "__Host-hrms-session" : "hrms-session";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TokenLifetimes.PageIdle;
        cookie.SlidingExpiration = true;
        cookie.Events.OnSigningIn = context =>
        {
            // A cookie that is written anew for the same session keeps when it began.
            context.Properties.Items.TryAdd(SignedInItem, Now(context).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            return Task.CompletedTask;
        };
        cookie.Events.OnValidatePrincipal = async context =>
        {
            if (At(context.Properties) is { } since && Now(context) - since < TokenLifetimes.PageInAll)
                await SecurityStampValidator.ValidatePrincipalAsync(context);
            else
                context.RejectPrincipal();
        };
    }

    private static DateTimeOffset? At(AuthenticationProperties? properties) =>
        properties?.Items.TryGetValue(SignedInItem, out var text) == true && long.TryParse(text, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static DateTimeOffset Now<T>(BaseContext<T> context) where T : AuthenticationSchemeOptions =>
        context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
}
