using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hrms.Load.Running;

/// <summary>What an app gets for a code or a refresh token (RFC 6749, section 5.1).</summary>
internal sealed record Tokens(string Access, string Refresh);

/// <summary>An app on the machine of a person: a public client with PKCE (RFC 7636, RFC 8252). One sign-in at a time.</summary>
internal sealed class OAuthApp(Uri server) : IDisposable
{
    public const string FileName = "oauth-clients.json";

    private const string ClientId = "load", Redirect = "http://127.0.0.1:7777/callback", Scope = "openid offline_access account";
    private readonly HttpConnection _connection = new(server);
    private readonly RequestBytes _request = new(server);
    private string _verifier = "";

    /// <summary>The app as the identity server has to know it (RFC 7591).</summary>
    public static string Metadata { get; } = JsonSerializer.Serialize(new[]
    {
        new
        {
            client_id = ClientId, client_name = "Load", application_type = "native", redirect_uris = new[] { Redirect }, grant_types = new[] { "authorization_code", "refresh_token" }, scope = Scope,
        },
    });

    /// <summary>Makes it known to a system that is about to start for the first time.</summary>
    public static void RegisterIn(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        File.WriteAllText(Path.Combine(dataFolder, FileName), Metadata);
    }

    /// <summary>Where the app sends the person's browser; each time with a verifier of its own.</summary>
    public string Question()
    {
        _verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier)));
        return $"/connect/authorize?response_type=code&client_id={ClientId}&redirect_uri={Uri.EscapeDataString(Redirect)}&scope={Uri.EscapeDataString(Scope)}"
            + $"&state={Guid.NewGuid():N}&code_challenge={challenge}&code_challenge_method=S256";
    }

    /// <summary>The code with which the person's browser comes back.</summary>
    /// <exception cref="RequestFailedException">It leads elsewhere, or brings none.</exception>
    public static string CodeIn(PageShown page) =>
        page.Location?.StartsWith(Redirect, StringComparison.Ordinal) == true
        && page.Location.Split('?', '&').FirstOrDefault(part => part.StartsWith("code=", StringComparison.Ordinal)) is { } code
            ? Uri.UnescapeDataString(code[5..])
            : throw page.NotExpected("the way back to the app");

    /// <exception cref="RequestFailedException">The server gives no tokens for it.</exception>
    public Task<Tokens> ExchangeAsync(string code, CancellationToken stop) => AskAsync(
        stop, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Redirect), ("client_id", ClientId), ("code_verifier", _verifier));

    /// <exception cref="RequestFailedException">The server gives no tokens for it.</exception>
    public Task<Tokens> RefreshAsync(string token, CancellationToken stop) => AskAsync(stop, ("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", ClientId));

    public void Dispose() => _connection.Dispose();

    private async Task<Tokens> AskAsync(CancellationToken stop, params (string Name, string Value)[] form)
    {
        var (status, body) = await _connection.SendAsync(_request.Post("/connect/token", null, WebForm.ContentType, WebForm.Encode(form)), stop);
        if (status != 200)
            throw new RequestFailedException($"HTTP {status} of the token endpoint: {Encoding.UTF8.GetString(body.Span)}");
        using var answer = JsonDocument.Parse(body);
        return new Tokens(answer.RootElement.GetProperty("access_token").GetString()!, answer.RootElement.GetProperty("refresh_token").GetString()!);
    }
}
