using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Api.Identity.OAuth;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Hrms.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hrms.Api.Tests.Organizations;

/// <summary>Who runs an organisation or the installation leaves a trace that nobody edits: who, when, what, before it happens; and those whose business it is read it.</summary>
[Collection(nameof(TimeTravel)), Trait("Feature", "45")]
public sealed class AdministrationTests(HrmsFixture hrms)
{
    [Fact]
    public async Task WhatIsDoneAboutAnOrganisation_IsInItsHistory_WithWhoDidIt()
    {
        var (hospital, kim, drLee, clerk) = (await hrms.HospitalAsync(), await hrms.SomebodyAsync(), await hrms.PractitionerAsync(), await hrms.OperatorAsync());
        var boss = (await hospital.Token.ViewerAsync())!.Value;
        (await hospital.InvitesAsync(kim, $"{Guid.NewGuid():N}")).Done();
        var invitation = (await hospital.InvitesAsync(kim, $"{Guid.NewGuid():N}")).Done().Payload.GetProperty("invitation").GetProperty("id").GetGuid();
        (await hospital.Token.SendsAsync("withdrawInvitation", new { organization = hospital.Id, invitation }, "invitation { status }")).Done();
        await MembershipAsync(hospital.Token, hospital.Id, drLee.Id, true, "nurse");
        await MembershipAsync(hospital.Token, hospital.Id, drLee.Id, false);
        (await clerk.SendsAsync("endProviderTokens", new { commandId = Guid.NewGuid(), provider = hospital.Id }, "endedAt")).Done();
        (await clerk.SendsAsync("excludeOrganization", new { organization = hospital.Id, reason = "It left the consortium." }, "accounts { admission }")).Done();

        var lines = await AllAsync(clerk, hospital.Id, pageSize: 3);
        Assert.Equal(
            [
                "PROVIDER_REGISTERED", "ADMISSION_PROPOSED", "ORGANIZATION_ADMITTED", "ACCOUNT_INVITED", "INVITATION_ACCEPTED", "ACCOUNT_INVITED", "ACCOUNT_INVITED", "INVITATION_WITHDRAWN", "MEMBER_ADDED", "MEMBER_REMOVED",
                "TOKENS_ENDED", "ORGANIZATION_EXCLUDED", "TOKENS_ENDED",
            ],
            lines.Select(line => line.Kind));
        var (added, removed, ended, excluded) = (lines[8], lines[9], lines[10], lines[11]);
        Assert.Equal(("ADMINISTRATOR", boss, drLee.Id, "nurse"), (added.ByKind, added.By, added.Whom, added.About));
        Assert.Equal(("ADMINISTRATOR", boss, drLee.Id), (removed.ByKind, removed.By, removed.Whom));
        Assert.Equal("OPERATOR", ended.ByKind);
        Assert.Equal(("OPERATOR", "It left the consortium."), (excluded.ByKind, excluded.About));
        Assert.Equal(lines.Select(line => line.At).Order(), lines.Select(line => line.At));
    }

    [Fact]
    public async Task ItsAdministrators_ItsOwnSystem_OperatorsAndAuditors_ReadIt_AndNobodyElse()
    {
        var (hospital, elsewhere, ana, drLee) = (await hrms.HospitalAsync(), await hrms.HospitalAsync("Elsewhere"), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var auditor = await hrms.OfStaffAsync(InvitationKind.Auditor);
        foreach (var party in new Party[] { hospital.Token, new Bearer(hrms, await hrms.TokenAsync(organization: hospital.Id)), await hrms.OperatorAsync(), auditor })
            Assert.NotEmpty(await AllAsync(party, hospital.Id));
        await MembershipAsync(hospital.Token, hospital.Id, drLee.Id, true);
        foreach (var party in new Party[] { elsewhere.Token, new Bearer(hrms, await hrms.TokenAsync(organization: elsewhere.Id)), ana, drLee })
        {
            Assert.Null(await PageAsync(party, hospital.Id));
            Assert.Null(await PageAsync(party, null));
        }
        // An auditor's look at it is a line, too.
        var trail = (await auditor.AsksAsync("{ auditTrail(first: 5) { what } }")).Data.GetProperty("auditTrail").EnumerateArray().Select(look => look.GetProperty("what").GetString());
        Assert.Contains($"administration of {hospital.Id}", trail);
    }

    /// <summary>An import names practitioners and organisations: in whose record is not for those who run them.</summary>
    [Fact, Trait("Feature", "25")]
    public async Task WhoseImportMetAnOrganisationFirst_ShowsToNobody()
    {
        var (ana, clerk) = (await hrms.PatientAsync(), await hrms.OperatorAsync());
        var number = $"{Guid.NewGuid():N}";
        var id = await ImportedAsync(ana, number);
        var lines = await AllAsync(clerk, id);
        Assert.Null(Assert.Single(lines).ByKind);
        Assert.DoesNotContain($"{ana.Id}", (await clerk.AsksAsync(Query, new { provider = id, first = 25 })).Body.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task APractitioner_ReadsInTheirOwnAccountsHistory_WhoTookThemIn_LetThemGo_AndSignedThemOut()
    {
        var (hospital, clinic, kim, clerk) = (await hrms.HospitalAsync("City Hospital"), await hrms.HospitalAsync("Clinic"), await hrms.SomebodyAsync(), await hrms.OperatorAsync());
        var doctor = (await hospital.InvitesAsync(kim, $"{Guid.NewGuid():N}")).Done().Payload.GetProperty("invitation").GetProperty("practitioner").GetGuid();
        var passkey = await kim.AcceptsWithPasskeyAsync(hrms);
        await MembershipAsync(clinic.Token, clinic.Id, doctor, true);
        await MembershipAsync(clinic.Token, clinic.Id, doctor, false);
        (await clerk.SendsAsync("endProviderTokens", new { commandId = Guid.NewGuid(), provider = doctor }, "endedAt")).Done();
        await kim.SignsInWithAsync(passkey);
        hrms.Clock.Advance(TimeSpan.FromSeconds(2));
        (await new Bearer(hrms, await hrms.SignedInAgainAsync(await hrms.TokenAsync(practitioner: doctor))).SendsAsync("endProviderTokens", new { commandId = Guid.NewGuid(), provider = doctor }, "endedAt")).Done();
        await kim.SignsInWithAsync(passkey);

        var page = await kim.Browser.GoesToAsync("/account/history");
        foreach (var line in new[]
        {
            "City Hospital took you in.", "Clinic took you in.", "You do not belong to Clinic any more.", "An operator of the installation signed everybody out", "Everybody was signed out: every browser",
        })
            Assert.True(page.Says(line), $"{line}: {page.Html}");
        // And in the practitioner's own stream.
        hrms.Clock.Advance(TimeSpan.FromSeconds(2));
        var own = new Bearer(hrms, await hrms.SignedInAgainAsync(await hrms.TokenAsync(practitioner: doctor)));
        Assert.Equal(["ORGANIZATION_JOINED", "ORGANIZATION_JOINED", "ORGANIZATION_LEFT", "TOKENS_ENDED", "TOKENS_ENDED"], (await AllAsync(own, doctor)).Select(line => line.Kind).Skip(1));
    }

    [Fact]
    public async Task WhatALaneIsTold_IsInTheInstallationsHistory_BeforeTheLaneHearsOfIt()
    {
        var clerk = await hrms.OfStaffAsync(InvitationKind.Operator);
        var (who, why, command) = ((await clerk.ViewerAsync())!.Value, $"Looking at it, {Guid.NewGuid():N}", Guid.NewGuid());
        for (var twice = 0; twice < 2; twice++)
            Assert.Null((await clerk.AsksAsync(
                "mutation($id: ID!, $why: String!) { resumeLane(input: {commandId: $id, lane: 0, reason: $why}) { errors { code } } }", new { id = command, why })).Error);

        var line = Assert.Single(await AllAsync(clerk, null), line => line.Kind == "LANE_OPERATED" && line.About!.EndsWith(why, StringComparison.Ordinal));
        Assert.Equal(("OPERATOR", who), (line.ByKind, line.By));
        Assert.Contains("resume", line.About, StringComparison.Ordinal);
        // What is refused is no act.
        await clerk.AsksAsync("mutation($id: ID!) { resumeLane(input: {commandId: $id, lane: 0, reason: \"\"}) { errors { code } } }", new { id = Guid.NewGuid() });
        Assert.Equal(line, (await AllAsync(clerk, null)).Last(one => one.Kind == "LANE_OPERATED" && one.By == who));
    }

    [Fact]
    public async Task OperatorsLooks_ShowUpAsAuditorsDo()
    {
        var clerk = await hrms.OfStaffAsync(InvitationKind.Operator);
        var who = (await clerk.ViewerAsync())!.Value;
        foreach (var page in new[] { "operations", "operations", "metrics" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, page);
            request.Headers.Authorization = new("Bearer", clerk.Token);
            using var answer = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode);
        }
        await clerk.AsksAsync("{ glassReviews { id } }");
        var trail = (await clerk.AsksAsync("{ auditTrail(first: 100) { auditor kind what } }")).Data.GetProperty("auditTrail").EnumerateArray().Where(look => look.GetProperty("auditor").GetGuid() == who).ToList();
        Assert.Equal(["auditTrail", $"glass reviews of {GlassReviewers.Operators}", "/metrics", "/operations"], trail.Select(look => look.GetProperty("what").GetString()));
        Assert.All(trail, look => Assert.Equal("OPERATOR", look.GetProperty("kind").GetString()));
    }

    /// <summary>The server's own doings: it starts before there is anybody to ask, so what it did is told afterwards, once.</summary>
    [Fact]
    public async Task AppsOfTheFile_KeysAndSettings_AreInTheInstallationsHistory_Once()
    {
        var clerk = await hrms.OfStaffAsync(InvitationKind.Operator);
        var host = await hrms.HostAsync();
        var app = $"visiting-{Guid.NewGuid():N}";
        await WithAppAsync(app, "Visiting App", host.Services);
        await WithAppAsync(app, "Visiting App, renamed", host.Services);
        await WithAppAsync(app, "Visiting App, renamed", host.Services);
        await WithAppAsync(app, null, host.Services);
        await Task.WhenAll(hrms.SweepsAccountsAsync(), hrms.SweepsAccountsAsync());
        await hrms.SweepsAccountsAsync();
        await hrms.ForgetAsync();

        var lines = await AllAsync(clerk, null);
        Assert.Equal(["APP_REGISTERED", "APP_CHANGED", "APP_REMOVED"], lines.Where(line => line.About == app).Select(line => line.Kind));
        Assert.Single(lines, line => line is { Kind: "APP_REGISTERED", About: TestApps.Diary });
        Assert.Contains(lines, line => line.Kind == "SERVER_KEY_MADE" && line.About!.StartsWith("Sign ", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Kind == "SETTING_CHANGED" && line.About!.StartsWith("cost of a party in a minute: ", StringComparison.Ordinal));
        Assert.All(lines.Where(line => line.Kind.StartsWith("APP_", StringComparison.Ordinal)), line => Assert.Equal("OPERATOR", line.ByKind));
    }

    private const string Query = "query($provider: ID, $before: Long, $first: Int!) { administration(provider: $provider, before: $before, first: $first) { before lines { streamVersion at kind by { kind id } whom about } } }";

    private static async Task<JsonElement?> PageAsync(Party party, Guid? provider, long? before = null, int pageSize = 100) =>
        (await party.AsksAsync(Query, new { provider, before, first = pageSize })).Data.GetProperty("administration") is { ValueKind: JsonValueKind.Object } page ? page : null;

    /// <summary>Oldest first.</summary>
    private static async Task<IReadOnlyList<Line>> AllAsync(Party party, Guid? provider, int pageSize = 100)
    {
        List<Line> lines = [];
        for (long? before = null; ;)
        {
            var page = (await PageAsync(party, provider, before, pageSize))!.Value;
            lines.AddRange(page.GetProperty("lines").EnumerateArray().Select(Line.Of));
            if (page.GetProperty("before").ValueKind == JsonValueKind.Null)
                break;
            before = page.GetProperty("before").GetInt64();
        }
        lines.Reverse();
        return lines;
    }

    private static async Task MembershipAsync(Party party, Guid organization, Guid practitioner, bool member, string? role = null) =>
        (await party.SendsAsync("changeMembership", new { organization, practitioner, member, role }, "provider { members }")).Done();

    /// <summary>As a start of another process does it, with one more app in the file, or without.</summary>
    private async Task WithAppAsync(string id, string? name, IServiceProvider services)
    {
        hrms.Apps.Write(hrms.DataFolder);
        var file = Path.Combine(hrms.DataFolder, "oauth-clients.json");
        var apps = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsArray();
        if (name is not null)
            apps.Add(new JsonObject { ["client_id"] = id, ["client_name"] = name, ["redirect_uris"] = new JsonArray("https://visiting.example/callback"), ["scope"] = "openid" });
        await File.WriteAllTextAsync(file, apps.ToJsonString());
        await services.GetServices<IHostedService>().OfType<ClientsAtStart>().Single().StartingAsync(TestContext.Current.CancellationToken);
        hrms.Apps.Write(hrms.DataFolder);
    }

    private static async Task<Guid> ImportedAsync(Patient ana, string number)
    {
        var organization = JsonSerializer.SerializeToElement(new
        {
            resourceType = "Organization", id = "o1", name = "Met in an import", identifier = new[] { new { system = "urn:test:registry", value = number } },
        });
        (await ana.ImportsToAsync(ana, Clinic.Bundle(organization, Clinic.LabResult()))).Done();
        return ProviderId.FromIdentifier("urn:test:registry", number).Value;
    }

    private sealed record Line(long StreamVersion, DateTimeOffset At, string Kind, string? ByKind, Guid? By, Guid? Whom, string? About)
    {
        public static Line Of(JsonElement line) => new(
            line.GetProperty("streamVersion").GetInt64(), line.GetProperty("at").GetDateTimeOffset(), line.GetProperty("kind").GetString()!,
            line.GetProperty("by") is { ValueKind: JsonValueKind.Object } by ? by.GetProperty("kind").GetString() : null,
            line.GetProperty("by") is { ValueKind: JsonValueKind.Object } who ? who.GetProperty("id").GetGuid() : null,
            line.GetProperty("whom") is { ValueKind: JsonValueKind.String } whom ? whom.GetGuid() : null, line.GetProperty("about").GetString());
    }
}
