using Hrms.Api.Identity;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.GraphQLHttp;
using Hrms.Api.Tests.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using System.Net.WebSockets;

namespace Hrms.Api.Tests.Hostile;

/// <summary>What attackers do with the session's cookie of our own web app: use it from their own pages, damage it, make one up, keep it, put it beside something else.</summary>
internal sealed class CookieAttacks(HrmsFixture hrms, string other)
{
    private const string Name = "hrms-session", Elsewhere = "https://elsewhere.example";
    private readonly Answered _answered = new(hrms);

    public async Task<IReadOnlyList<Attack>> AllAsync()
    {
        var services = (await hrms.HostAsync()).Services;
        var ours = services.GetRequiredService<PublicAddress>().Url.GetLeftPart(UriPartial.Authority);
        using var person = await Person.SignedInAsync(hrms);
        var good = Of(person);
        var (signedOut, everywhere) = (await SignedOutAsync("/account/sign-out"), await SignedOutAsync("/account/sign-out-everywhere"));
        var format = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme).TicketDataFormat;
        var ticket = format.Unprotect(good[(Name.Length + 1)..])!;

        // In the address of a browser that asks from our own page; each attack changes one thing.
        HttpRequestMessage Ask(string cookie, Action<HttpRequestMessage>? change = null)
        {
            var request = Answered.GraphQL(null, Answered.Query("{viewer{id}}"));
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
            request.Headers.Add("X-CSRF", "1");
            request.Headers.Add("Origin", ours);
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            change?.Invoke(request);
            return request;
        }
        void With(HttpRequestMessage request, string header, string? value)
        {
            request.Headers.Remove(header);
            if (value is not null)
                request.Headers.TryAddWithoutValidation(header, value);
        }
        Attack Nobody(string name, Func<HttpRequestMessage> request, int status = 200) => _answered.Of(name, $"{status} UNAUTHENTICATED", request);
        string Sealed(IDataProtector protector) => $"{Name}={new TicketDataFormat(protector).Protect(ticket)}";
        IDataProtector For(params string[] purposes) => services.GetRequiredService<IDataProtectionProvider>().CreateProtector(purposes);

        return
        [
            // That the cookie is good: without this line all others could be true for another reason.
            _answered.Of("(the cookie, from our own page)", "200", () => Ask(good)),
            Nobody("a cookie from another site's page", () => Ask(good, ask => With(ask, "Origin", Elsewhere))),
            Nobody("a cookie from a page without an origin", () => Ask(good, ask => With(ask, "Origin", "null"))),
            Nobody("a cookie from a site beside ours", () => Ask(good, ask => With(ask, "Sec-Fetch-Site", "same-site"))),
            Nobody("a cookie without the header", () => Ask(good, ask => With(ask, "X-CSRF", null))),
            Nobody("a cookie, and a host and origin of the attacker's", () => Ask(good, ask =>
            {
                ask.Headers.Host = "elsewhere.example";
                With(ask, "Origin", "http://elsewhere.example");
            })),
            Nobody("a cookie in an address that is half ours", () => Ask(good, ask => With(ask, "Origin", $"{ours}.elsewhere.example"))),
            Nobody("a cookie beside a token that is none", () => Ask(good, ask => With(ask, "Authorization", "Bearer junk")), 401),
            Nobody("a cookie beside an empty authorization", () => Ask(good, ask => With(ask, "Authorization", "Basic YTpi"))),
            _answered.Of("a cookie beside another's token", "200", () => Ask(good, ask => With(ask, "Authorization", $"Bearer {other}"))),
            Nobody("a cookie with a bit flipped", () => Ask(Flipped(good))),
            Nobody("a cookie cut short", () => Ask(good[..^20])),
            Nobody("a cookie that somebody planted", () => Ask($"{Name}=planted")),
            Nobody("a cookie of 8 kB of junk", () => Ask($"{Name}={new string('A', 8_000)}")),
            Nobody("a cookie sealed for the second factor", () => Ask(Sealed(For("Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationMiddleware", IdentityConstants.TwoFactorUserIdScheme, "v2")))),
            Nobody("a cookie sealed for a recovery", () => Ask(Sealed(For("hrms/identity/recovery/1")))),
            Nobody("a cookie of another installation's key", () => Ask(Sealed(new EphemeralDataProtectionProvider().CreateProtector(
                "Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationMiddleware", IdentityConstants.ApplicationScheme, "v2")))),
            Nobody("another cookie's value in its place", () => Ask($"{Name}={FormCookieOf(person)}")),
            Nobody("a copy of before its person signed out", () => Ask(signedOut)),
            Nobody("a copy of before everybody was signed out", () => Ask(everywhere)),
            _answered.Of("signing out everywhere from another site's form", "400", () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, "account/sign-out-everywhere") { Content = new FormUrlEncodedContent([]) };
                request.Headers.TryAddWithoutValidation("Cookie", good);
                request.Headers.Add("Origin", Elsewhere);
                return request;
            }),
            _answered.Of("signing out from another site's page", "403", () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, "session/sign-out");
                request.Headers.TryAddWithoutValidation("Cookie", good);
                request.Headers.Add("X-CSRF", "1");
                request.Headers.Add("Origin", Elsewhere);
                return request;
            }),
            _answered.Of("an export by the cookie from another site", "401 login", () => Bearing(new HttpRequestMessage(HttpMethod.Get, $"fhir/Patient/{Guid.NewGuid()}/$everything"), good)),
            new("a socket by the cookie from another site", "403", 100, async () =>
            {
                try
                {
                    await using var client = await SocketClient.ConnectAsync(new Uri(hrms.Http.BaseAddress!, "graphql").ToString(), Elsewhere, cookies: good);
                    return "taken";
                }
                catch (WebSocketException refused)
                {
                    return refused.Message.Contains("403", StringComparison.Ordinal) ? "403" : refused.Message;
                }
            }),
        ];
    }

    private static HttpRequestMessage Bearing(HttpRequestMessage request, string cookie)
    {
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        return request;
    }

    /// <summary>The cookie of somebody who signed out since.</summary>
    private async Task<string> SignedOutAsync(string how)
    {
        using var person = await Person.SignedInAsync(hrms);
        var kept = Of(person);
        await person.Browser.GoesToAsync("/account");
        await person.Browser.SendsAsync(how);
        return kept;
    }

    private static string Of(Person person) => person.Browser.Cookies.Split("; ").Single(cookie => cookie.StartsWith($"{Name}=", StringComparison.Ordinal));

    private static string FormCookieOf(Person person) => person.Browser.Cookies.Split("; ").Single(cookie => cookie.StartsWith("hrms-form=", StringComparison.Ordinal))["hrms-form=".Length..];

    private static string Flipped(string cookie)
    {
        var at = Name.Length + 1 + (cookie.Length - Name.Length - 1) / 2;
        return $"{cookie[..at]}{(cookie[at] == 'A' ? 'B' : 'A')}{cookie[(at + 1)..]}";
    }
}
