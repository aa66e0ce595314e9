using System.Globalization;
using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Api.Identity.OAuth;
using Hrms.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace Hrms.Api.Identity.Accounts;

/// <summary>How somebody came in: what the tokens that come of it say.</summary>
/// <param name="Methods">By the names of RFC 8176.</param>
/// <param name="Epoch">The epoch of the person's tokens that the session began in, which is that of the tokens that come of it.</param>
internal sealed record SignedIn(DateTimeOffset At, IReadOnlyList<string> Methods, long Epoch);

/// <summary>Who is signed in on our own pages, and since when.</summary>
internal sealed class SessionOf(UserManager<Account> accounts)
{
    /// <summary>OpenID Connect Front-Channel Logout 1.0, section 3: which session a principal is of.</summary>
    public const string IdClaim = "sid";

    private const string SignedInItem = "hrms_signed_in_ms", MethodsItem = "hrms_amr", EpochItem = "hrms_epoch", IdItem = "hrms_session", MethodOfIdentity = "amr";

    private static readonly object WayItem = new();

    public async Task<Account?> AccountAsync(HttpContext http) => http.User.Identity?.IsAuthenticated == true ? await accounts.GetUserAsync(http.User) : null;

    /// <summary>When and how the person last proved who they are; null when nobody is signed in.</summary>
    public static SignedIn? SignedIn(HttpContext http) => SignedIn(http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties);

    public static SignedIn? SignedIn(AuthenticationProperties? session) => At(session) is not { } at ? null
        : new SignedIn(at, session!.Items.TryGetValue(MethodsItem, out var methods) ? methods!.Split(' ') : [], NumberOf(session, EpochItem) ?? 0);

    /// <summary>Of the session of this request; null when nobody is signed in.</summary>
    public static Guid? IdOf(HttpContext http) => IdOf(http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties);

    public static Guid? IdOf(AuthenticationProperties? session) => session?.Items.TryGetValue(IdItem, out var text) == true && Guid.TryParse(text, out var id) ? id : null;

    /// <summary>Of a session that begins now by these methods. Where Identity itself signs in, it notes them.</summary>
    public static AuthenticationProperties By(IReadOnlyList<string> methods) => new() { Items = { [MethodsItem] = string.Join(' ', methods) } };

    /// <summary>The browser forgets what it may have kept of the person (W3C Clear Site Data).</summary>
    public static void Clear(HttpContext http) => http.Response.Headers["Clear-Site-Data"] = "\"cache\", \"cookies\", \"storage\"";

    /// <summary>The person as the grains are asked: in person, in this session, since when they signed in.</summary>
    public static Asker AskerOf(Account account, HttpContext http) =>
        new(AccountHistory.ActorOf(account), PurposeOfUse.PATRQT) { Token = new TokenFacts(SignedIn(http)?.Epoch ?? 0, null, SignedIn(http)?.At) };

    /// <summary>Said by a page before it signs somebody in: by what. Without it nobody is signed in.</summary>
    public static void ComesIn(HttpContext http, SignInWay way) => http.Items[WayItem] = way;

    /// <summary>The cookie: for this browser's session, idle for a quarter of an hour at most, in all for a working day, and ended by whatever changes how the account is entered.</summary>
    public static void Configure(CookieAuthenticationOptions cookie, bool secure)
    {
        cookie.Cookie.Name = secure ? "__Host-hrms-session" : "hrms-session";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TokenLifetimes.PageIdle;
        cookie.SlidingExpiration = true;
        cookie.Events.OnSigningIn = async context =>
        {
            // A cookie that is written anew for the same session keeps when it began. Written anew after its person ended all others, it stands.
            var epoch = context.Properties.Items.TryAdd(SignedInItem, Now(context).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))
                ? await BeginsAsync(context.HttpContext, context.Principal)
                : await NewestEpochAsync(context.HttpContext.RequestServices, context.Principal);
            context.Properties.Items.TryAdd(IdItem, $"{Guid.NewGuid():N}");
            context.Properties.Items.TryAdd(MethodsItem, string.Join(' ', AuthenticationMethods.Of(context.Principal?.FindAll(MethodOfIdentity).Select(claim => claim.Value) ?? [])));
            context.Properties.Items[EpochItem] = epoch.ToString(CultureInfo.InvariantCulture);
        };
        cookie.Events.OnValidatePrincipal = async context =>
        {
            if (At(context.Properties) is { } since && Now(context) - since < TokenLifetimes.PageInAll)
                await SecurityStampValidator.ValidatePrincipalAsync(context);
            else
                context.RejectPrincipal();
            // Whoever kept a copy of the cookie of somebody who signed out comes too late.
            if (context.Principal is not null && !(IdOf(context.Properties) is { } session
                && !await context.HttpContext.RequestServices.GetRequiredService<EndedSessions>().IsEndedAsync(session, context.HttpContext.RequestAborted)))
                context.RejectPrincipal();
            // Also where they signed out everywhere by another way than our pages.
            if (context.Principal is { } person && !(NumberOf(context.Properties, EpochItem) >= await NewestEpochAsync(context.HttpContext.RequestServices, person)))
                context.RejectPrincipal();
        };
    }

    private static DateTimeOffset? At(AuthenticationProperties? properties) => NumberOf(properties, SignedInItem) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    private static long? NumberOf(AuthenticationProperties? properties, string item) =>
        properties?.Items.TryGetValue(item, out var text) == true && long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Every sign-in comes through here: it is in the history before there is a session.</summary>
    private static async Task<long> BeginsAsync(HttpContext http, ClaimsPrincipal? person)
    {
        var way = http.Items[WayItem] is SignInWay said ? said : throw new InvalidOperationException("A page signs somebody in without saying by what (SessionOf.ComesIn).");
        var account = person is null ? null : await http.RequestServices.GetRequiredService<UserManager<Account>>().GetUserAsync(person);
        if (account is null)
            throw new InvalidOperationException("Nobody is there to sign in.");
        // As it is before the line: what ends tokens meanwhile ends those of this sign-in, too. A patient's grain says it with the line.
        var before = await http.RequestServices.GetRequiredService<TokensOfPeople>().EpochAsync(account);
        var noted = await http.RequestServices.GetRequiredService<AccountHistory>().SignInAsync(account, way);
        return (account.Role == HrmsRoles.Patient ? noted : before).Number;
    }

    private static async Task<long> NewestEpochAsync(IServiceProvider services, ClaimsPrincipal? person) =>
        person is not null && await services.GetRequiredService<UserManager<Account>>().GetUserAsync(person) is { } account
            ? (await services.GetRequiredService<TokensOfPeople>().EpochAsync(account)).Number
            : long.MaxValue;

    private static DateTimeOffset Now<T>(BaseContext<T> context) where T : AuthenticationSchemeOptions =>
        context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
}
