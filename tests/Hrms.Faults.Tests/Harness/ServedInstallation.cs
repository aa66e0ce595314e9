using System.Net;
using System.Net.Http.Json;

namespace Hrms.Faults.Tests.Harness;

/// <summary>
/// The production composition that keeps accounts itself: one silo, and API processes that share a schema, a key file and a public address. It knows one app, which runs on its person's machine.
/// </summary>
internal sealed class ServedInstallation : IAsyncDisposable
{
    public const string App = "diary", Redirect = "http://127.0.0.1:7777/callback";

    private readonly TemporaryFolder _folder = new();
    private readonly List<HostProcess> _apis = [];
    private readonly int _port = SeveralProcesses.FreePort();
    private HostProcess _silo = null!;

    private ServedInstallation(string database) => Database = database;

    public string Database { get; }

    /// <summary>A file of it, by its name.</summary>
    public string this[string name] => _folder[name];

    /// <summary>What browsers and apps call it, whichever process answers.</summary>
    public string PublicUrl => $"http://localhost:{_port}";

    public static async Task<ServedInstallation> StartAsync(PostgresFixture postgres, EvmNodeFixture node, string name)
    {
        var installation = new ServedInstallation(await postgres.CreateDatabaseAsync(name));
        await File.WriteAllTextAsync(installation["clients.json"], JsonSerializer.Serialize(new[]
        {
            new { client_id = App, client_name = "Health Diary", application_type = "native", redirect_uris = new[] { Redirect }, grant_types = new[] { "authorization_code", "refresh_token" }, scope = "offline_access account" },
        }));
        installation._silo = HostProcess.Start("Hrms.Silo.dll", [], "HRMS silo ready: ", installation["silo.log"],
        [
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Hrms__Postgres", installation.Database), ("Hrms__LedgerRpc", $"{node.RpcUrl}"), ("Hrms__KeyFolder", installation["keys"]),
            ("Hrms__EmbeddedLedger", "true"), ("Hrms__ClusterId", "served"), ("Hrms__GatewayPort", $"{SeveralProcesses.FreePort()}"),
        ]);
        await installation._silo.ReadyAsync();
        return installation;
    }

    /// <summary>One more API process, at the public address when nobody else is there.</summary>
    /// <param name="otherwise">Settings that stand in the place of the installation's.</param>
    /// <returns>Perhaps not ready yet.</returns>
    public HostProcess BeginApi(params (string Name, string? Value)[] otherwise)
    {
        var port = _apis.TrueForAll(api => api.HasExited) ? _port : SeveralProcesses.FreePort();
        var api = HostProcess.Start("Hrms.Api.dll", ["serve", "--urls", $"http://127.0.0.1:{port}"], "HRMS ready: ", this[$"api{_apis.Count + 1}.log"],
        [
            ("Hrms__Membership", Database), ("Hrms__ClusterId", "served"), ("Hrms__AnyDocument", "true"), ("Hrms__DrainMilliseconds", "0"), ("Hrms__Identity__Postgres", Database),
            ("Hrms__Identity__KeyFile", this["keys/identity.json"]), ("Hrms__Identity__ClientsFile", this["clients.json"]), ("Hrms__Identity__OutboxFolder", this["outbox"]),
            ("Hrms__Identity__PublicUrl", PublicUrl), .. otherwise,
        ]);
        _apis.Add(api);
        return api;
    }

    /// <summary>The same, ready.</summary>
    public async Task<HostProcess> ApiAsync(params (string Name, string? Value)[] otherwise)
    {
        var api = BeginApi(otherwise);
        await api.ReadyAsync();
        return api;
    }

    /// <summary>The newest link to a page that came by mail.</summary>
    public string NewestLink(string page)
    {
        var mail = File.ReadAllText(Directory.GetFiles(this["outbox"]).Order(StringComparer.Ordinal).Last());
        var at = mail.IndexOf($"{PublicUrl}{page}", StringComparison.Ordinal) + PublicUrl.Length;
        return mail[at..mail.IndexOfAny(['\r', '\n'], at)];
    }

    /// <summary>What an API process answers a GraphQL document of who holds a token.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> AsksAsync(HostProcess api, object document, string? token)
    {
        using var http = new HttpClient { BaseAddress = api.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(document), Headers = { Accept = { new("application/graphql-response+json") } } };
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    /// <summary>Whether an API process takes a token for its person.</summary>
    public static async Task<bool> TakesAsync(HostProcess api, string token)
    {
        var (status, body) = await AsksAsync(api, new { query = "{ viewer { kind } }" }, token);
        return status == HttpStatusCode.OK && body.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object && data.GetProperty("viewer").GetProperty("kind").GetString() == "PATIENT";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var api in _apis)
            await api.DisposeAsync();
        await _silo.DisposeAsync();
        _folder.Dispose();
    }
}
