using System.Collections.Frozen;
using System.Reflection;
using System.Text;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// The GraphiQL page and its files, from the assembly: no network, no inline script. Browsers get it at the endpoint itself
/// (Accept: text/html), its files below <c>ui/</c>.
/// </summary>
internal sealed class GraphiQLPage
{
    /// <summary>Inline styles only, which GraphiQL's menus and editor set; every script is a file of ours.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly FrozenDictionary<string, byte[]> _files =
        new[] { "index.html", "page.js", "page.css", "graphiql.js", "graphiql.css", "react.js", "react-dom.js" }
            .ToFrozenDictionary(name => name, Read, StringComparer.Ordinal);

    /// <summary>Whether a request is a browser's for the page, not for a result.</summary>
    public static bool IsAskedFor(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !request.QueryString.HasValue && MediaTypes.AcceptsHtml(request);

    /// <summary>The page itself; its links are below the path it was asked for at.</summary>
    public Task WritePageAsync(HttpContext http)
    {
        var path = System.Text.Encodings.Web.HtmlEncoder.Default.Encode((http.Request.PathBase + http.Request.Path).ToUriComponent().TrimEnd('/'));
        var html = Encoding.UTF8.GetString(_files["index.html"]).Replace("{path}", path, StringComparison.Ordinal);
        http.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(html, http.RequestAborted);
    }

    /// <summary>One file of the page, 404 for any other name.</summary>
    public async Task WriteFileAsync(HttpContext http)
    {
        if (http.Request.RouteValues["file"] is not string name || !_files.TryGetValue(name, out var bytes) || name == "index.html")
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.ContentType = name.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        await http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted);
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("graphiql/" + name)
            ?? throw new InvalidOperationException($"The assembly lacks graphiql/{name}: see the target RestoreGraphiQL in Hrms.Api.csproj.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
