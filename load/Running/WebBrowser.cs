using System.Net;
using System.Text;

namespace Hrms.Load.Running;

/// <summary>A page as a person has it before them, or where the server sends them on to that is not its own.</summary>
internal sealed record PageShown(int Status, string Html, string? Location)
{
    public string Title
    {
        get
        {
            var at = Html.IndexOf("<title>", StringComparison.Ordinal);
            return at < 0 ? "" : WebUtility.HtmlDecode(Html[(at + 7)..Html.IndexOf("</title>", at, StringComparison.Ordinal)]);
        }
    }

    public RequestFailedException NotExpected(string expected) => new($"HTTP {Status}, '{Title}'{(Location is null ? "" : $", leading to {Location.Split('?')[0]}")}: {expected} was expected.");
}

/// <summary>One person's browser, as far as signing in needs one: cookies, forms with what is hidden in them, redirects within the server. One request at a time.</summary>
internal sealed class WebBrowser(Uri server) : IDisposable
{
    private const int RedirectsMax = 5;
    private readonly HttpConnection _connection = new(server);
    private readonly RequestBytes _request = new(server);
    private readonly Dictionary<string, string> _cookies = [];

    public PageShown Page { get; private set; } = new(0, "", null);

    /// <summary>As if it were another person's, or the same one's on another day. The connection stays.</summary>
    public void Forget() => _cookies.Clear();

    public Task<PageShown> GoAsync(string path, CancellationToken stop) => ShowAsync(path, null, stop);

    /// <summary>Fills in the form that leads to an address and sends it with all that is hidden in it.</summary>
    public Task<PageShown> SendAsync(string action, CancellationToken stop, params (string Name, string Value)[] typed) => ShowAsync(action, Filled(action, typed), stop);

    /// <summary>What the page's script does: posts what is hidden in a form to another address and reads the answer; the page stays.</summary>
    public async Task<string> FetchAsync(string action, string address, CancellationToken stop)
    {
        var (status, body) = await AskAsync(address, Filled(action), stop);
        return status == 200 ? body : throw new RequestFailedException($"HTTP {status} of {address}.");
    }

    public void Dispose() => _connection.Dispose();

    private byte[] Filled(string action, params (string Name, string Value)[] typed)
    {
        var fields = WebForm.FieldsOf(Page.Html, action) ?? throw Page.NotExpected($"a page with a form that leads to {action}");
        foreach (var (name, value) in typed)
            fields[name] = value;
        return WebForm.Encode(fields.Select(field => (field.Key, field.Value)));
    }

    private async Task<PageShown> ShowAsync(string path, byte[]? form, CancellationToken stop)
    {
        for (var redirects = 0; redirects < RedirectsMax; redirects++)
        {
            var (status, html) = await AskAsync(path, form, stop);
            var location = HeadersOf("Location").FirstOrDefault();
            Page = new PageShown(status, html, location);
            if (location?.StartsWith('/') != true)
                return Page;
            (path, form) = (location, null);
        }
        throw new RequestFailedException($"Redirected without end, last to {path.Split('?')[0]}.");
    }

    private async Task<(int Status, string Body)> AskAsync(string path, byte[]? form, CancellationToken stop)
    {
        var cookies = _cookies.Count == 0 ? "" : $"Cookie: {string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"))}\r\n";
        var (status, body) = await _connection.SendAsync(form is null ? _request.Get(path, null, cookies) : _request.Post(path, null, WebForm.ContentType, form, cookies), stop);
        foreach (var cookie in HeadersOf("Set-Cookie"))
        {
            var pair = cookie.Split(';', 2)[0].Split('=', 2);
            // What is taken back comes with nothing in it.
            if (pair[1].Length > 0)
                _cookies[pair[0]] = pair[1];
            else
                _cookies.Remove(pair[0]);
        }
        return (status, Encoding.UTF8.GetString(body.Span));
    }

    private IEnumerable<string> HeadersOf(string name) => _connection.Head.Split("\r\n")
        .Where(line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 2)..]);
}
