using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>What the token endpoint answered.</summary>
public sealed record TokenAnswer(HttpStatusCode Status, JsonElement Body)
{
    public string? Error => Body.TryGetProperty("error", out var error) ? error.GetString() : null;

    public string Access => Text("access_token");

    public string Refresh => Text("refresh_token");

    private string Text(string name) => Body.TryGetProperty(name, out var value) ? value.GetString()! : throw new InvalidOperationException($"No {name}: {Body}");
}

/// <summary>An app that a person may connect, as a public client with PKCE.</summary>
public sealed class OAuthApp(HrmsFixture hrms, string clientId = TestApps.Diary, string redirect = TestApps.Redirect)
{
    private readonly string _verifier = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    /// <summary>Sends the person's browser to the server. Parameters given here stand in the place of the right ones; null leaves one out.</summary>
    public Task<PageShown> AsksAsync(Browser browser, params (string Name, string? Value)[] otherwise) => browser.GoesToAsync(Question(otherwise));

    /// <summary>Where the app sends the person's browser.</summary>
    public string Question(params (string Name, string? Value)[] otherwise)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = clientId, ["response_type"] = "code", ["redirect_uri"] = redirect, ["scope"] = "openid offline_access account", ["state"] = "s1",
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier))), ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in otherwise)
            parameters[name] = value;
        var query = string.Join('&', parameters.Where(one => one.Value is not null).Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value!)}"));
        return $"/connect/authorize?{query}";
    }

    /// <summary>The whole way: the person says yes, the app exchanges the code.</summary>
    public async Task<TokenAnswer> IsConnectedAsync(Person person, string scope = "openid offline_access account") =>
        await ExchangesAsync(await IsAllowedAsync(person, scope));

    /// <summary>The code that the app gets when the person says yes.</summary>
    public async Task<string> IsAllowedAsync(Person person, string scope = "openid offline_access account")
    {
        await AsksAsync(person.Browser, ("scope", scope));
        var answer = await person.Browser.SendsAsync("/connect/authorize", ("decision", "allow"));
        return Of(answer, "code") ?? throw new InvalidOperationException($"No code: {answer.Status} {answer.Location} {answer.Html}");
    }

    public Task<TokenAnswer> ExchangesAsync(string code, string? verifier = null) => SendsAsync(
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect), ("client_id", clientId), ("code_verifier", verifier ?? _verifier));

    public Task<TokenAnswer> RefreshesAsync(string token) => SendsAsync(("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", clientId));

    public Task<TokenAnswer> SendsAsync(params (string Name, string Value)[] form) => SendsToAsync("/connect/token", form);

    public async Task<TokenAnswer> SendsToAsync(string path, params (string Name, string Value)[] form)
    {
        var host = await hrms.HostAsync();
        using var content = new FormUrlEncodedContent(form.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        using var answer = await hrms.Http.PostAsync(new Uri(host.Url, path), content, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new TokenAnswer(answer.StatusCode, body.Length == 0 ? JsonElement.Parse("{}") : JsonElement.Parse(body));
    }

    /// <summary>A parameter of the address that an answer leads back to the app with.</summary>
    public static string? Of(PageShown answer, string parameter) =>
        answer.Location is { IsAbsoluteUri: true } location && location.AbsoluteUri.StartsWith(TestApps.Redirect, StringComparison.Ordinal)
            ? Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(location.Query).TryGetValue(parameter, out var value) ? value.ToString() : null
            : null;
}

/// <summary>Who holds a token, whoever it is for.</summary>
public sealed class Bearer(HrmsFixture hrms, string token) : Party(hrms, Guid.Empty, token)
{
    /// <summary>The patient that the token is for; null when the token is refused.</summary>
    public async Task<Guid?> ViewerAsync()
    {
        var answer = await AsksAsync("{ viewer { kind id } }");
        return answer.Error is null ? answer.Data.GetProperty("viewer").GetProperty("id").GetGuid() : null;
    }

    public async Task<bool> IsTakenAsync() => await ViewerAsync() is not null;
}
