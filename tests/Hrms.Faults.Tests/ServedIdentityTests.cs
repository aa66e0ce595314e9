using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Hrms.Api.Auth;

namespace Hrms.Faults.Tests;

/// <summary>The production composition keeps accounts itself when it is told to: silo and API in processes of their own, and a person signs up.</summary>
public sealed class ServedIdentityTests(PostgresFixture postgres, EvmNodeFixture node)
{
    [Fact]
    public async Task APersonSignsUp_AtAnApiOfItsOwn_AndAnOperatorsLinkIsMadeAtTheMachine()
    {
        using var folder = new TemporaryFolder();
        var database = await postgres.CreateDatabaseAsync("served_identity");
        var port = SeveralProcesses.FreePort();
        await using var silo = HostProcess.Start("Hrms.Silo.dll", [], "HRMS silo ready: ", folder["silo.log"],
        [
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Hrms__Postgres", database), ("Hrms__LedgerRpc", $"{node.RpcUrl}"), ("Hrms__KeyFolder", folder["keys"]),
            ("Hrms__EmbeddedLedger", "true"), ("Hrms__ClusterId", "served"), ("Hrms__GatewayPort", $"{SeveralProcesses.FreePort()}"),
        ]);
        await silo.ReadyAsync();
        await using var api = HostProcess.Start("Hrms.Api.dll", ["serve", "--urls", $"http://127.0.0.1:{port}"], "HRMS ready: ", folder["api.log"],
        [
            ("Hrms__Membership", database), ("Hrms__ClusterId", "served"), ("Hrms__AnyDocument", "true"), ("Hrms__Identity__Postgres", database), ("Hrms__Identity__KeyFile", folder["keys/identity.json"]),
            ("Hrms__Identity__ClientsFile", folder["clients.json"]), ("Hrms__Identity__OutboxFolder", folder["outbox"]), ("Hrms__Identity__PublicUrl", $"http://localhost:{port}"),
        ]);
        await api.ReadyAsync();
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri($"http://localhost:{port}") };

        Assert.Equal($"http://localhost:{port}/", (await browser.GetFromJsonAsync<JsonElement>("/.well-known/openid-configuration")).GetProperty("issuer").GetString());
        Assert.Contains("Look into your mail", await SendAsync(browser, "/account/sign-up", "/account/sign-up", ("email", "ana@example.org")), StringComparison.Ordinal);
        var link = Regex.Match(await File.ReadAllTextAsync(Directory.GetFiles(folder["outbox"]).Single()), @"http://localhost:\d+(/account/confirm\S+)").Groups[1].Value;
        Assert.Contains("Welcome", await SendAsync(browser, link, "/account/confirm", ("password", "four words, all of mine")), StringComparison.Ordinal);
        Assert.Contains("Your account", await SendAsync(browser, "/account/sign-in", "/account/sign-in", ("email", "ana@example.org"), ("password", "four words, all of mine")), StringComparison.Ordinal);

        // Nobody but this server issues tokens for it.
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/operations");
        foreign.Headers.Authorization = new("Bearer", new DevelopmentIssuer(folder["elsewhere"]).Issue(TokenCommand.Claims(null, null, null, null, true)!, TimeSpan.FromHours(1), TimeProvider.System));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync(foreign)).StatusCode);

        // Any document is taken here, but those that ask for the schema.
        using var schema = await browser.PostAsJsonAsync("/graphql", new { query = "{ __schema { queryType { name } } }" });
        Assert.Contains("INTROSPECTION_NOT_ALLOWED", await schema.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var typed = await browser.PostAsJsonAsync("/graphql", new { query = "{ __typename }" });
        Assert.Contains("\"Query\"", await typed.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await using var command = HostProcess.Start(
            "Hrms.Api.dll", ["account", "--operator", "clerk@example.org", "--key-file", folder["keys/identity.json"], "--url", $"http://localhost:{port}"], "HRMS", folder["link.log"], []);
        await command.EndedAsync();
        Assert.Contains("You are invited", await browser.GetStringAsync(new Uri((await File.ReadAllTextAsync(folder["link.log"])).Trim())), StringComparison.Ordinal);
    }

    /// <summary>Fills in a page's form.</summary>
    private static async Task<string> SendAsync(HttpClient browser, string page, string action, params (string Name, string Value)[] typed)
    {
        var form = Regex.Match(await browser.GetStringAsync(page), $"<form[^>]*action=\"{action}\".*?</form>", RegexOptions.Singleline).Value;
        var hidden = Regex.Matches(form, "<input[^>]*type=\"hidden\"[^>]*>").Select(input => (Name: Attribute(input.Value, "name"), Value: Attribute(input.Value, "value")));
        using var content = new FormUrlEncodedContent(hidden.Where(field => !Array.Exists(typed, own => own.Name == field.Name)).Concat(typed).Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        using var answer = await browser.PostAsync(action, content);
        return await answer.Content.ReadAsStringAsync();

        static string Attribute(string tag, string name) => WebUtility.HtmlDecode(Regex.Match(tag, $"\\s{name}=\"([^\"]*)\"").Groups[1].Value);
    }
}
