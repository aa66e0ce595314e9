using Hrms.Api.Tests.EndToEnd;
using Hrms.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Identity;

/// <summary>Who came into an account, who did not, and what was changed about how, stands in the person's own tamper-evident history, before it happens.</summary>
[Collection(nameof(TimeTravel))]
public sealed class AccountHistoryTests(HrmsFixture hrms)
{
    [Fact]
    public async Task APatient_ReadsWhatHappenedToTheirAccount_InOrder_AndInWords()
    {
        using var person = await Person.SignedInAsync(hrms);
        var passkey = await person.AddsPasskeyAsync(hrms);
        for (var i = 0; i < 3; i++)
            await person.SignsInAsync($"not my password, nor {i}");
        using var elsewhere = await Browser.OpenAsync(hrms);
        await elsewhere.SignsInAsync(passkey);
        var ana = await hrms.AsPatientAsync(person);
        await person.Browser.GoesToAsync("/account");
        await person.Browser.SendsAsync("/account/apps/disconnect");
        await person.Browser.GoesToAsync("/account");
        await person.Browser.SendsAsync("/account/sign-out-everywhere");
        await person.SignsInAsync();
        ana = await hrms.AsPatientAsync(person);

        Assert.Equal(
            [
                "ACCOUNT_MADE", "SIGNED_IN", "PASSKEY_ADDED", "SIGN_IN_FAILED", "SIGNED_IN", "APP_CONNECTED", "APP_DISCONNECTED", "SIGNED_OUT_EVERYWHERE", "SIGNED_IN", "APP_CONNECTED",
            ],
            await ana.KindsAsync());
        var lines = (await ana.AccountHistoryAsync(ana.Id, pageSize: 3))!.Reverse().ToList();
        Assert.Equal(10, lines.Count);
        Assert.Equal(["PASSWORD", "PASSKEY", "PASSWORD"], lines.Where(line => line.GetProperty("kind").GetString() == "SIGNED_IN").Select(line => line.GetProperty("way").GetString()));
        Assert.Equal(3, lines[3].GetProperty("count").GetInt32());
        Assert.StartsWith("Somebody tried to sign in 3 times", lines[3].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("The app Health Diary was connected.", lines[5].GetProperty("text").GetString());
        Assert.All(lines, line => Assert.Equal(ana.Id, line.GetProperty("by").GetProperty("id").GetGuid()));

        Assert.True((await person.Browser.GoesToAsync("/account/history")).Says("Somebody tried to sign in 3 times"));
        await ana.WhenAnchoredAsync(lines[^1].GetProperty("streamVersion").GetInt64());
        Assert.Empty((await ana.ChecksHistoryAsync()).Problems);
    }

    [Fact]
    public async Task AFloodOfWrongPasswords_IsOneLineAnHour_AndNoneOfThemIsLost()
    {
        using var person = await Person.SignedInAsync(hrms);
        var passkey = await person.AddsPasskeyAsync(hrms);
        async Task FloodAsync(int times)
        {
            for (var i = 0; i < times; i++)
                await person.SignsInAsync($"not my password, nor {i}");
            await hrms.SweepsAccountsAsync();
        }
        // Ten would lock the account.
        await FloodAsync(2);
        await FloodAsync(4);
        await FloodAsync(3);
        hrms.Clock.Advance(TimeSpan.FromMinutes(61));
        await hrms.SweepsAccountsAsync();
        await hrms.SweepsAccountsAsync();
        await person.Browser.SignsInAsync(passkey);
        var ana = await hrms.AsPatientAsync(person);

        var failed = (await ana.AccountHistoryAsync(ana.Id))!.Where(line => line.GetProperty("kind").GetString() == "SIGN_IN_FAILED").Select(line => line.GetProperty("count").GetInt32());
        Assert.Equal([7, 2], failed);
    }

    /// <summary>A history that can't be written is no reason to let somebody in unseen.</summary>
    [Fact]
    public async Task WhatCanNotBeWrittenDown_DoesNotHappen()
    {
        using var person = await Person.SignedInAsync(hrms);
        var ana = await hrms.AsPatientAsync(person);
        await person.Browser.GoesToAsync("/account");
        await person.Browser.SendsAsync("/account/sign-out");
        await hrms.AsSuperuserAsync(
            """
            insert into journal (stream_id, version, recorded_at, kind, prev_leaf, salt, leaf, payload)
            select stream_id, version + 1, recorded_at, 2, leaf, salt, decode(repeat('07', 32), 'hex'), payload from journal where stream_id = @stream order by version desc limit 1
            """,
            ("stream", ana.Id));

        var page = await person.SignsInAsync();
        Assert.Equal((System.Net.HttpStatusCode.ServiceUnavailable, "Not now"), (page.Status, page.Title));
        Assert.Equal("Sign in", (await person.Browser.GoesToAsync("/account")).Title);

        Assert.Equal("Your account", (await person.SignsInAsync()).Title);
    }

    [Fact]
    public async Task NobodyElse_ReadsIt()
    {
        var (ana, drLee, mother) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PatientAsync());
        await ana.GrantsAsync(drLee, new Terms());
        await ana.AppointsAsync(mother, DelegateLevel.Full);
        Assert.NotNull(await ana.AccountHistoryAsync(ana.Id));
        foreach (var other in new Party[] { drLee, mother, await hrms.ActingForAsync(mother, ana), await hrms.OperatorAsync(), await hrms.AppOfAsync(ana, "patient/*.crus") })
        {
            var answer = await other.AsksAsync("query($id: ID!) { patient(id: $id) { accountHistory { nodes { kind } } } }", new { id = ana.Id });
            Assert.True(answer.Error is not null || answer.Patient.GetProperty("accountHistory").ValueKind == System.Text.Json.JsonValueKind.Null);
        }
    }

    /// <summary>Only the accounts' server writes, and it comes by no token: nobody forges a line.</summary>
    [Fact]
    public async Task WhoBringsAToken_WritesNothing_AndACommandThatComesTwiceIsOneLine()
    {
        var (ana, grains) = (await hrms.PatientAsync(), (await hrms.HostAsync()).Services.GetRequiredService<IGrainFactory>());
        var server = new Asker(new Actor(ActorKind.Operator, Guid.NewGuid()), PurposeOfUse.PATRQT);
        var note = new NoteAccount(new CommandId(Guid.NewGuid()), server, new AccountAct(AccountEventKind.PasskeyAdded, Actor.Patient(new PatientId(ana.Id))));
        foreach (var forger in new[] { server with { Token = new TokenFacts(null, null, null) }, new Asker(Actor.Patient(new PatientId(ana.Id)), PurposeOfUse.PATRQT) })
            Assert.False((await grains.GetGrain<IPatientGrain>(ana.Id).NoteAccountAsync(note with { Asker = forger })).Succeeded);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => grains.GetGrain<IPatientGrain>(ana.Id).NoteAccountAsync(note)));
        await hrms.ForgetAsync();
        await grains.GetGrain<IPatientGrain>(ana.Id).NoteAccountAsync(note);

        Assert.Equal(["PASSKEY_ADDED"], await ana.KindsAsync());
    }

    [Fact]
    public async Task AnOrganizationsSystem_HasAHistoryOfItsOwn()
    {
        var (grains, server) = ((await hrms.HostAsync()).Services.GetRequiredService<IGrainFactory>(), new Asker(new Actor(ActorKind.Operator, Guid.NewGuid()), PurposeOfUse.PATRQT));
        var account = grains.GetGrain<IAccountGrain>(AccountKey.Of($"{Guid.NewGuid()}"));
        var act = new AccountAct(AccountEventKind.SignedIn, Actor.Organization(new ProviderId(Guid.NewGuid())), SignInWay.ClientAssertion, "clinic-system");
        var first = new NoteAccount(new CommandId(Guid.NewGuid()), server, act);
        await account.NoteAsync(first);
        await account.NoteAsync(first with { Command = new CommandId(Guid.NewGuid()) });
        await hrms.ForgetAsync();
        await account.NoteAsync(first);

        var page = (await account.HistoryAsync(new AccountHistoryQuery(server, 1))).Value!;
        Assert.Equal(act, Assert.Single(page.Lines).Act);
        Assert.True(page.HasNextPage);
        Assert.Single((await account.HistoryAsync(new AccountHistoryQuery(server, 5, page.EndCursor))).Value!.Lines);
        var chained = await hrms.QueryAsync(
            "select count(*) filter (where l.prev_leaf = e.leaf) from journal l join journal e on e.stream_id = l.stream_id and e.version = l.version - 1 where l.stream_id = @stream",
            row => Tuple.Create(row.GetInt64(0)), ("stream", account.GetPrimaryKey()));
        Assert.Equal(2, chained!.Item1);
    }
}
