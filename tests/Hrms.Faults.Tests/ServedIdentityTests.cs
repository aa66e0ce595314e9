using System.Net;
using System.Net.Http.Json;
using Hrms.Api.Auth;
using Npgsql;

namespace Hrms.Faults.Tests;

/// <summary>The production composition keeps accounts itself when it is told to, in any number of API processes: what one gives is good at each, after its end, too, and nobody works with another key file.</summary>
public sealed class ServedIdentityTests(PostgresFixture postgres, EvmNodeFixture node)
{
    [Fact]
    public async Task APersonSignsUp_AtAnApiOfItsOwn_AndAnOperatorsLinkIsMadeAtTheMachine()
    {
        await using var installation = await ServedInstallation.StartAsync(postgres, node, "served_identity");
        var api = await installation.ApiAsync();
        using var ana = new PersonsBrowser(api);
        using var http = new HttpClient { BaseAddress = new Uri(installation.PublicUrl) };

        Assert.Equal($"{installation.PublicUrl}/", (await http.GetFromJsonAsync<JsonElement>("/.well-known/openid-configuration")).GetProperty("issuer").GetString());
        await ana.SignsUpAsync(installation);

        // Our own web app needs no token; a page of another origin gets nothing by its visitor's cookie.
        const string Me = "{ viewer { kind } }";
        Assert.Equal("PATIENT", (await ana.AsksGraphQLAsync(Me, new Uri(installation.PublicUrl))).GetProperty("data").GetProperty("viewer").GetProperty("kind").GetString());
        Assert.Equal("UNAUTHENTICATED", (await ana.AsksGraphQLAsync(Me, new Uri("https://elsewhere.example"))).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());

        // Nobody but this server issues tokens for it.
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/operations");
        foreign.Headers.Authorization = new("Bearer", new DevelopmentIssuer(installation["elsewhere"]).Issue(TokenCommand.Claims(null, null, null, null, true)!, TimeSpan.FromHours(1), TimeProvider.System));
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(foreign)).StatusCode);

        // Any document is taken here, but those that ask for the schema.
        Assert.Contains("INTROSPECTION_NOT_ALLOWED", $"{(await ServedInstallation.AsksAsync(api, new { query = "{ __schema { queryType { name } } }" }, null)).Body}", StringComparison.Ordinal);
        Assert.Contains("\"Query\"", $"{(await ServedInstallation.AsksAsync(api, new { query = "{ __typename }" }, null)).Body}", StringComparison.Ordinal);

        await using var command = HostProcess.Start(
            "Hrms.Api.dll", ["account", "--operator", "clerk@example.org", "--key-file", installation["keys/identity.json"], "--url", installation.PublicUrl], "HRMS", installation["link.log"], []);
        await command.EndedAsync();
        Assert.Contains("You are invited", await http.GetStringAsync(new Uri((await File.ReadAllTextAsync(installation["link.log"])).Trim())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatOneProcessGave_IsGoodAtAnother_AndWhenItIsBack()
    {
        await using var installation = await ServedInstallation.StartAsync(postgres, node, "served_nodes");
        var (first, second) = (await installation.ApiAsync(), await installation.ApiAsync());
        using var ana = new PersonsBrowser(first);
        await ana.SignsUpAsync(installation);
        using var elsewhere = ana.At(second);
        var (access, refresh) = await ana.ConnectsAppAsync();

        Assert.True(await elsewhere.IsSignedInAsync());
        Assert.True(await ServedInstallation.TakesAsync(second, access));
        // The form of one process, sent to the other.
        await ana.GoesToAsync("/account/recovery");
        using (var led = ana.At(second))
            Assert.Contains("Your recovery sheet", await led.SendsAsync("/account/recovery/sheet"), StringComparison.Ordinal);

        Assert.Equal(0, await first.StopAsync());
        var again = await installation.ApiAsync();
        using var back = ana.At(again);
        Assert.True(await back.IsSignedInAsync());
        Assert.True(await ServedInstallation.TakesAsync(again, access));

        // A refresh token is good once, whichever process it is shown to.
        var refreshed = await back.RefreshesAsync(refresh);
        Assert.True(await ServedInstallation.TakesAsync(second, refreshed.GetProperty("access_token").GetString()!));
        Assert.Equal("invalid_grant", (await elsewhere.RefreshesAsync(refresh)).GetProperty("error").GetString());
        Assert.False(await ServedInstallation.TakesAsync(again, refreshed.GetProperty("access_token").GetString()!));

        await elsewhere.GoesToAsync("/account");
        await elsewhere.SendsAsync("/account/sign-out");
        Assert.False(await back.IsSignedInAsync());
    }

    [Fact]
    [Trait("Fault", "F39")]
    public async Task WithAnotherKeyFile_NoProcessStarts_ItSaysWhy_AndWithTheRightOneAllIsAsBefore()
    {
        await using var installation = await ServedInstallation.StartAsync(postgres, node, "served_keys");
        var api = await installation.ApiAsync();
        using var ana = new PersonsBrowser(api);
        await ana.SignsUpAsync(installation);
        var (_, refresh) = await ana.ConnectsAppAsync();
        Assert.Equal(0, await api.StopAsync());
        var before = await KeysAsync(installation);

        var other = installation.BeginApi(("Hrms__Identity__KeyFile", installation["keys/other.json"]));
        var ended = await Assert.ThrowsAsync<InvalidOperationException>(other.ReadyAsync);
        Assert.Equal(1, await other.StopAsync());
        Assert.Contains(installation["keys/other.json"], ended.Message, StringComparison.Ordinal);
        Assert.Contains("Restore the file that belongs to this database", ended.Message, StringComparison.Ordinal);
        Assert.Equal(before, await KeysAsync(installation));

        using var back = ana.At(await installation.ApiAsync());
        Assert.True(await back.IsSignedInAsync());
        Assert.Equal(JsonValueKind.String, (await back.RefreshesAsync(refresh)).GetProperty("access_token").ValueKind);
    }

    /// <summary>What it signed is refused, and the process signs anew; who is signed in goes on, and connects the apps again.</summary>
    [Fact]
    [Trait("Fault", "F39")]
    public async Task WithoutTheKeyThatSigned_TokensOfBeforeAreRefused_AndNewOnesAreGiven()
    {
        await using var installation = await ServedInstallation.StartAsync(postgres, node, "served_lost");
        var api = await installation.ApiAsync();
        using var ana = new PersonsBrowser(api);
        await ana.SignsUpAsync(installation);
        var (access, refresh) = await ana.ConnectsAppAsync();
        Assert.True(await ServedInstallation.TakesAsync(api, access));
        Assert.Equal(0, await api.StopAsync());
        await using (var database = NpgsqlDataSource.Create(installation.Database))
            Assert.Equal(1, await database.CreateCommand("delete from identity.server_key where use = 'Sign'").ExecuteNonQueryAsync());

        var again = await installation.ApiAsync();
        using var back = ana.At(again);
        Assert.False(await ServedInstallation.TakesAsync(again, access));
        Assert.DoesNotContain("key", $"{(await ServedInstallation.AsksAsync(again, new { query = "{ viewer { kind } }" }, access)).Body}", StringComparison.OrdinalIgnoreCase);
        Assert.True(await back.IsSignedInAsync());
        Assert.Equal("invalid_grant", (await back.RefreshesAsync(refresh)).GetProperty("error").GetString());
        Assert.True(await ServedInstallation.TakesAsync(again, (await back.ConnectsAppAsync()).Access));
    }

    /// <summary>All keys as they are stored.</summary>
    private static async Task<string> KeysAsync(ServedInstallation installation)
    {
        await using var database = NpgsqlDataSource.Create(installation.Database);
        return (string)(await database.CreateCommand(
            "select (select string_agg(k::text, '|' order by k.id) from identity.data_protection_key k) || (select string_agg(k::text, '|' order by k.id) from identity.server_key k)").ExecuteScalarAsync())!;
    }
}
