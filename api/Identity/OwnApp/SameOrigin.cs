using Hrms.Api.Fhir.Endpoints;

namespace Hrms.Api.Identity.OwnApp;

/// <summary>
/// Whether a request comes from a page of our own origin: our web app's, whose session is a cookie. Browsers send the cookie along whoever asks, so the request has to say what no page of another
/// origin can make it say: an origin or Sec-Fetch-Site (Fetch Metadata), which pages can't set, and a header for which other origins would have to ask first (CORS), and are never let. A request that
/// brings an Authorization header is judged by that alone.
/// </summary>
internal static class SameOrigin
{
    /// <summary>With any value. A WebSocket of a browser can't have it, and always has its Origin (RFC 6455, section 10.2).</summary>
    public const string Header = "X-CSRF";

    public const string Session = "/session";

    private static readonly string[] Paths = ["/graphql", FhirEndpoints.Base, Session];

    public static bool Asks(HttpContext http, PublicAddress address)
    {
        var headers = http.Request.Headers;
        if (headers.Authorization.Count > 0 || !Array.Exists(Paths, path => http.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)))
            return false;
        var (origin, site) = (headers.Origin, headers["Sec-Fetch-Site"]);
        var isOurs = origin.Count == 1 && origin[0] == address.Url.GetLeftPart(UriPartial.Authority);
        if ((origin.Count > 0 && !isOurs) || (site.Count > 0 && site != "same-origin"))
            return false;
        return http.WebSockets.IsWebSocketRequest ? isOurs : headers.ContainsKey(Header) && (isOurs || site.Count > 0);
    }
}
