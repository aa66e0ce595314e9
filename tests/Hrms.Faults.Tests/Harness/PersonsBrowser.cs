using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Web;

namespace Hrms.Faults.Tests.Harness;

/// <summary>A person's browser at one of an installation's API processes: fills in forms with what is hidden in them, follows redirects within the installation, and keeps cookies.</summary>
internal sealed class PersonsBrowser : IDisposable
{
    public const string Password = "four words, all of mine";

    private readonly CookieContainer _cookies;
    private readonly HttpClient _http;

    private PersonsBrowser(HostProcess api, CookieContainer cookies)
    {
        _cookies = cookies;
        // By the name that cookies are for, whatever the process calls itself.
        _http = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = new UriBuilder(api.Url) { Host = "localhost" }.Uri };
    }

    public PersonsBrowser(HostProcess api) : this(api, new CookieContainer()) { }

    /// <summary>What is shown now.</summary>
    public string Page { get; private set; } = "";

    /// <summary>The same browser, with its cookies and the page that it has open, led to another process.</summary>
    public PersonsBrowser At(HostProcess api) => new(api, _cookies) { Page = Page };

    public async Task<string> GoesToAsync(string path)
    {
        await ShowAsync(await _http.GetAsync(path));
        return Page;
    }

    /// <summary>Fills in the form that leads to an address and sends it.</summary>
    public async Task<string> SendsAsync(string action, params (string Name, string Value)[] typed)
    {
        await SubmitAsync(action, typed);
        return Page;
    }

    /// <summary>Makes an account with a password, and signs in.</summary>
    public async Task SignsUpAsync(ServedInstallation installation)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        await GoesToAsync("/account/sign-up");
        Assert.Contains("Look into your mail", await SendsAsync("/account/sign-up", ("email", email)), StringComparison.Ordinal);
        await GoesToAsync(installation.NewestLink("/account/confirm"));
        Assert.Contains("Welcome", await SendsAsync("/account/confirm", ("password", Password)), StringComparison.Ordinal);
        await GoesToAsync("/account/sign-in");
        Assert.Contains("Your account", await SendsAsync("/account/sign-in", ("email", email), ("password", Password)), StringComparison.Ordinal);
    }

    /// <summary>Asks GraphQL as a page of our own web app does: by the session's cookie, and with what no page of another origin can say.</summary>
    public async Task<JsonElement> AsksGraphQLAsync(string query, Uri origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query }) };
        request.Headers.Add("Origin", origin.GetLeftPart(UriPartial.Authority));
        request.Headers.Add("X-CSRF", "1");
        using var answer = await _http.SendAsync(request);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<bool> IsSignedInAsync() => (await GoesToAsync("/account")).Contains("<title>Your account</title>", StringComparison.Ordinal);

    /// <summary>Lets the installation's app in (code with PKCE).</summary>
    public async Task<(string Access, string Refresh)> ConnectsAppAsync()
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        await GoesToAsync($"/connect/authorize?client_id={ServedInstallation.App}&response_type=code&redirect_uri={Uri.EscapeDataString(ServedInstallation.Redirect)}"
            + $"&scope={Uri.EscapeDataString("offline_access account")}&state=s1&code_challenge={challenge}&code_challenge_method=S256");
        var back = await SubmitAsync("/connect/authorize", [("decision", "allow")]) ?? throw new InvalidOperationException(Page);
        var answer = await TokenAsync(("grant_type", "authorization_code"), ("code", HttpUtility.ParseQueryString(back.Query)["code"]!), ("redirect_uri", ServedInstallation.Redirect), ("code_verifier", verifier));
        return (answer.GetProperty("access_token").GetString()!, answer.GetProperty("refresh_token").GetString()!);
    }

    /// <summary>What the app gets for a refresh token: new tokens, or an error.</summary>
    public Task<JsonElement> RefreshesAsync(string token) => TokenAsync(("grant_type", "refresh_token"), ("refresh_token", token));

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> TokenAsync(params (string Name, string Value)[] form)
    {
        using var content = Form([.. form, ("client_id", ServedInstallation.App)]);
        using var answer = await _http.PostAsync("/connect/token", content);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<Uri?> SubmitAsync(string action, (string Name, string Value)[] typed)
    {
        var form = Regex.Match(Page, $"<form[^>]*action=\"{action}\".*?</form>", RegexOptions.Singleline);
        Assert.True(form.Success, $"The page has no form that leads to {action}: {Page}");
        var hidden = Regex.Matches(form.Value, "<input[^>]*type=\"hidden\"[^>]*>").Select(input => (Name: Attribute(input.Value, "name"), Value: Attribute(input.Value, "value")));
        using var content = Form([.. hidden.Where(field => !Array.Exists(typed, own => own.Name == field.Name)), .. typed]);
        return await ShowAsync(await _http.PostAsync(action, content));

        static string Attribute(string tag, string name) => WebUtility.HtmlDecode(Regex.Match(tag, $"\\s{name}=\"([^\"]*)\"").Groups[1].Value);
    }

    /// <returns>Where it leads that is not the installation's own; null: nowhere.</returns>
    private async Task<Uri?> ShowAsync(HttpResponseMessage answer)
    {
        while (answer.Headers.Location is { IsAbsoluteUri: false } own)
        {
            answer.Dispose();
            answer = await _http.GetAsync(own);
        }
        using (answer)
        {
            Page = await answer.Content.ReadAsStringAsync();
            return answer.Headers.Location;
        }
    }

    private static FormUrlEncodedContent Form((string Name, string Value)[] fields) => new(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
}
