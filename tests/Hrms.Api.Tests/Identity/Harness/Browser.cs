using System.Net;
using System.Text.RegularExpressions;
using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Identity;

/// <summary>A page as a person has it before them.</summary>
public sealed record PageShown(HttpStatusCode Status, string Html, Uri? Location, HttpResponseMessage Response)
{
    public string Title => Regex.Match(Html, "<title>(.*?)</title>").Groups[1].Value is var title ? WebUtility.HtmlDecode(title) : "";

    public bool Says(string text) => WebUtility.HtmlDecode(Html).Contains(text, StringComparison.Ordinal);
}

/// <summary>A person's browser: keeps cookies, fills in forms, follows our own redirects and stops where one leads to an app.</summary>
public sealed partial class Browser : IDisposable
{
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false };
    private readonly HttpClient _http;

    private Browser(Uri url) => _http = new HttpClient(_handler) { BaseAddress = url };

    /// <summary>What it sends along with whatever it asks.</summary>
    public string Cookies => _handler.CookieContainer.GetCookieHeader(_http.BaseAddress!);

    /// <summary>Somebody got a cookie into it, written as <c>name=value</c>.</summary>
    public void Keeps(string cookie) => _handler.CookieContainer.SetCookies(_http.BaseAddress!, $"{cookie}; path=/");

    /// <summary>What is shown now.</summary>
    public PageShown Page { get; private set; } = null!;

    /// <summary>Its person goes back to a page that was left open.</summary>
    public void Shows(PageShown page) => Page = page;

    public static async Task<Browser> OpenAsync(HrmsFixture hrms)
    {
        var host = await hrms.HostAsync();
        return new Browser(host.Url);
    }

    public Task<PageShown> GoesToAsync(string path) => ShowAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Fills in the form that leads to an address and sends it, with all that is hidden in it.</summary>
    public Task<PageShown> SendsAsync(string action, params (string Name, string Value)[] typed)
    {
        var fields = FieldsOf(action).Where(field => !Array.Exists(typed, own => own.Name == field.Name)).Concat(typed);
        return ShowAsync(new HttpRequestMessage(HttpMethod.Post, action)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))),
        });
    }

    /// <summary>What a form on the page has hidden in it.</summary>
    public string Hidden(string action, string name) => FieldsOf(action).Single(field => field.Name == name).Value;

    /// <summary>Takes the anti-forgery token of a form on the page, and sends it with fields of one's own making to another address.</summary>
    public Task<PageShown> ForgesAsync(string action, string address, params (string Name, string Value)[] fields) => ShowAsync(new HttpRequestMessage(HttpMethod.Post, address)
    {
        Content = new FormUrlEncodedContent(fields.Append((Name: "__RequestVerificationToken", Value: Hidden(action, "__RequestVerificationToken"))).Select(field => KeyValuePair.Create(field.Name, field.Value))),
    });

    /// <summary>What the page's script does: posts the hidden fields of a form to another address and reads the answer; the page stays.</summary>
    /// <param name="host">What the request says the server is called, when not the truth.</param>
    public async Task<string> FetchesAsync(string action, string address, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent(FieldsOf(action).Select(field => new KeyValuePair<string, string>(field.Name, field.Value))),
        };
        request.Headers.Host = host;
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Which languages its person reads (Accept-Language).</summary>
    public void Speaks(string languages) => _http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", languages);

    /// <summary>What a script on some page asks for; the page stays.</summary>
    public Task<HttpResponseMessage> AsksAsync(HttpRequestMessage request, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead) =>
        _http.SendAsync(request, until, TestContext.Current.CancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<PageShown> ShowAsync(HttpRequestMessage request)
    {
        for (var redirects = 0; redirects < 5; redirects++)
        {
            using (request)
            {
                var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
                Page = new PageShown(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers.Location, response);
            }
            if (Page.Location is not { } location || location.IsAbsoluteUri)
                return Page;
            request = new HttpRequestMessage(HttpMethod.Get, location);
        }
        throw new InvalidOperationException($"Redirected without end, last to {Page.Location}.");
    }

    private IEnumerable<(string Name, string Value)> FieldsOf(string action)
    {
        var form = Forms().Matches(Page.Html).Select(match => match.Value).FirstOrDefault(found => found.Contains($"action=\"{action}\"", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"The page '{Page.Title}' ({Page.Status}) has no form that leads to {action}: {Page.Html}");
        return Inputs().Matches(form).Select(input => (Attribute(input.Value, "name"), Attribute(input.Value, "value")));
    }

    private static string Attribute(string tag, string name) =>
        WebUtility.HtmlDecode(Regex.Match(tag, $"\\s{name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input[^>]*name=\"[^>]*>")]
    private static partial Regex Inputs();
}
