using Hrms.Api.Identity.OwnApp;
using Microsoft.Net.Http.Headers;

namespace Hrms.Api.Identity.Pages;

/// <summary>What every answer of the pages and the OAuth server carries: nothing is kept, framed, sniffed or sent on, and nothing but our own files runs or is sent to.</summary>
internal static class PageHeaders
{
    private static readonly string[] Paths = ["/account", "/connect", "/.well-known", SameOrigin.Session];

    public static bool IsOurs(PathString path) => Array.Exists(Paths, prefix => path.StartsWithSegments(prefix, StringComparison.Ordinal));

    /// <summary>Pages of people, where the session's cookie says who is there; elsewhere it does so for our own web app alone (<see cref="SameOrigin"/>).</summary>
    public static bool IsOfPeople(PathString path) => path.StartsWithSegments("/account", StringComparison.Ordinal) || path == OAuth.OAuthServer.Authorize || path == OAuth.OAuthServer.Verify;

    public static void Set(HttpContext http, PublicAddress address)
    {
        // Whatever the request called us: the names in links, the issuer and the passkeys' domain are the configured ones.
        (http.Request.Scheme, http.Request.Host) = (address.Url.Scheme, HostString.FromUriComponent(address.Url));
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy("'self'");
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (address.IsSecure)
            headers[HeaderNames.StrictTransportSecurity] = "max-age=31536000; includeSubDomains";
    }

    /// <summary>The consent form's answer leads back to the app, which browsers take for a part of sending the form.</summary>
    public static void AllowFormTo(HttpContext http, string redirectUri)
    {
        var uri = new Uri(redirectUri);
        http.Response.Headers.ContentSecurityPolicy = Policy(uri.Scheme is "http" or "https" ? $"'self' {uri.GetLeftPart(UriPartial.Authority)}" : $"'self' {uri.Scheme}:");
    }

    private static string Policy(string formAction) =>
        $"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action {formAction}; frame-ancestors 'none'; base-uri 'none'";
}
