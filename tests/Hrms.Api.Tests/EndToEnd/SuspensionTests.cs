using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>An official body has the accounting of disclosures to it suspended for a time (45 CFR 164.528(a)(2)); the history stays whole, and can be checked, all the while.</summary>
[Collection(nameof(TimeTravel))]
[Trait("Feature", "48"), Trait("Feature", "43")]
public sealed class SuspensionTests(HrmsFixture hrms)
{
    [Fact]
    public async Task WhileAStatementHolds_ThePatientIsNotToldOfTheBodysLooks_AndAfterwardsOfAll()
    {
        var case7 = await Case.MakeAsync(hrms);
        var (ana, police, inspector, drLee, lab) = (case7.Ana, case7.Police, case7.Inspector, case7.DrLee, case7.Lab);
        await inspector.ReadsAsync(ana, lab, purpose: PurposeOfUse.HLEGAL);
        await inspector.ReadsAsync(ana, lab);
        await drLee.ReadsAsync(ana, lab, purpose: PurposeOfUse.HRESCH);
        var before = await ana.HistoryAsync();
        var (from, until) = (before[^1].At, hrms.Clock.GetUtcNow().AddDays(90));

        var entered = await (await hrms.OperatorAsync()).SuspendsAsync(ana, police, hrms.Clock.GetUtcNow(), until);
        await police.ReadsAsync(ana, lab, purpose: PurposeOfUse.HLEGAL);

        Assert.Null(entered.Refusal);
        // Each line is there; two say no more than when.
        var lines = await ana.HistoryAsync();
        Assert.Equal(before.Select(line => line.StreamVersion), lines.Skip(lines.Count - before.Count).Select(line => line.StreamVersion));
        var withheld = lines.Where(line => line.Withheld).ToList();
        Assert.Equal(2, withheld.Count);
        Assert.All(withheld, line => Assert.Equal(["at", "policyVersion", "records", "streamVersion", "withheld"], Told(line.Json)));
        // Nothing that the patient is told names the body for what it did, by whatever way; treatment is told as ever.
        var looked = lines.Where(line => !line.Withheld).ToList();
        Assert.Equal("TREAT", Assert.Single(looked, line => line.Actor == inspector.Id).Purpose);
        Assert.DoesNotContain(looked, line => line.Actor == police.Id);
        Assert.Equal([drLee.Id, inspector.Id], (await ana.AccountingAsync(from)).Select(told => told.Recipient).Order(Comparer<Guid>.Create((a, b) => a == b ? 0 : a == drLee.Id ? -1 : 1)));
        foreach (var where in new object[] { new { actor = police.Id }, new { record = lab, purpose = "HLEGAL" }, new { permitted = true, purpose = "HLEGAL" } })
            Assert.Empty(await ana.HistoryAsync(where));
        Assert.DoesNotContain(await HoldersAsync(ana), holder => holder == police.Id || holder == inspector.Id);
        Assert.Empty(await NoticesAsync(ana));
        var refused = await ana.AsksAsync("query($id: ID!, $event: Long!) { patient(id: $id) { proof(streamVersion: $event) } }", new { id = ana.Id, @event = withheld[0].StreamVersion });
        Assert.Equal("WRONG_STATE", refused.Error);
        var audit = (await ana.ExportsAsync(ana, "?_type=AuditEvent")).Where(Exports.IsLine).Single(resource => resource.LineOf() == withheld[0].StreamVersion).GetRawText();
        Assert.All(new[] { police.Id, inspector.Id, lab }, id => Assert.DoesNotContain($"{id}", audit, StringComparison.Ordinal));
        // The history is whole for the patient and for a stranger.
        Assert.Empty((await ana.ChecksHistoryAsync()).Problems);
        var export = await ana.ExportsAllAsync();
        Assert.Empty(export.GetProperty("suspensions").EnumerateArray());
        var checkedBy = await hrms.VerifiesAsync(export.GetProperty("proof").GetString()!);
        long[] hidden = [.. checkedBy["withheld"]!.AsArray().Select(version => (long)version!)];
        Assert.Subset(hidden.ToHashSet(), withheld.Select(line => line.StreamVersion).ToHashSet());
        Assert.DoesNotContain($"{police.Id}", checkedBy["accessLines"]!.ToJsonString(), StringComparison.Ordinal);

        hrms.Clock.AdvanceTo(until);

        Assert.DoesNotContain(await ana.HistoryAsync(), line => line.Withheld);
        Assert.Equal([inspector.Id, inspector.Id, drLee.Id, police.Id], (await ana.AccountingAsync(from)).Select(told => told.Recipient));
        var told = await ana.ExportsAllAsync();
        var statement = Assert.Single(told.GetProperty("suspensions").EnumerateArray());
        Assert.Equal((police.Id, "Inspector Roe, County Police", "OPERATOR"), (statement.GetProperty("body").GetProperty("id").GetGuid(), statement.GetProperty("official").GetString(), statement.GetProperty("by").GetProperty("kind").GetString()));
        Assert.Equal("DISCLOSURES_TOLD", Assert.Single(await NoticesAsync(ana)));
        Assert.Contains(police.Id, await HoldersAsync(ana));
        // What was withheld is what was there all the time: the sealed events are the same bytes, and now they open.
        Assert.Empty((await hrms.VerifiesAsync(told.GetProperty("proof").GetString()!))["withheld"]!.AsArray());
        var (sealedThen, sealedNow) = (Ciphertexts(export), Ciphertexts(told));
        Assert.All(hidden, version => Assert.Equal(sealedThen[version], sealedNow[version]));
        Assert.Equal(withheld[0].StreamVersion, (await hrms.VerifiesAsync(await ana.ProofAsync(withheld[0].StreamVersion)))["version"]!.GetValue<long>());
    }

    [Fact]
    public async Task AnOralStatement_HoldsForThirtyDays_AndAWrittenOneThatFollowsGoesOn()
    {
        var case8 = await Case.MakeAsync(hrms);
        var (ana, clerk, now) = (case8.Ana, await hrms.OperatorAsync(), hrms.Clock.GetUtcNow());
        await case8.Police.ReadsAsync(ana, case8.Lab, purpose: PurposeOfUse.HLEGAL);

        Assert.Equal("INVALID", (await clerk.SuspendsAsync(ana, case8.Police, now, now.AddDays(30).AddMilliseconds(1), StatementForm.Oral)).Refusal);
        Assert.Single(await ana.AccountingAsync());
        Assert.Null((await clerk.SuspendsAsync(ana, case8.Police, now, now.AddDays(30), StatementForm.Oral)).Refusal);
        Assert.Empty(await ana.AccountingAsync());
        Assert.Null((await clerk.SuspendsAsync(ana, case8.Police, now, now.AddDays(60))).Refusal);

        hrms.Clock.AdvanceTo(now.AddDays(30));
        Assert.Empty(await ana.AccountingAsync());
        // The first statement is over and told; what it was about is not.
        Assert.Single((await ana.ExportsAllAsync()).GetProperty("suspensions").EnumerateArray());
        hrms.Clock.AdvanceTo(now.AddDays(60));
        Assert.Single(await ana.AccountingAsync());
    }

    /// <summary>No organisation hides its own looks, no doctor theirs; and who may not, learns nothing by trying.</summary>
    [Fact]
    public async Task OnlyAnOperator_EntersAStatement_FreshlySignedIn_AndOnce()
    {
        var case9 = await Case.MakeAsync(hrms);
        var (ana, police, now, nobody) = (case9.Ana, case9.Police, hrms.Clock.GetUtcNow(), await hrms.PatientAsync(Guid.NewGuid()));
        foreach (var party in new Party[] { ana, police, case9.Inspector, case9.DrLee })
        {
            Assert.Equal("NOT_FOUND", (await party.SuspendsAsync(ana, police, now, now.AddDays(1))).Refusal);
            Assert.Equal("NOT_FOUND", (await party.SuspendsAsync(nobody, police, now, now.AddDays(1))).Refusal);
        }
        var clerk = await hrms.OperatorAsync();
        Assert.Equal("INVALID", (await clerk.SuspendsAsync(ana, new Provider(hrms, Guid.NewGuid(), ProviderKind.Organization, ""), now, now.AddDays(1))).Refusal);
        var command = Guid.NewGuid();
        var first = (await clerk.SuspendsAsync(ana, police, now, now.AddDays(1), command: command)).Done().Payload;
        Assert.Equal(first.GetRawText(), (await clerk.SuspendsAsync(ana, police, now, now.AddDays(1), command: command)).Done().Payload.GetRawText());
        Assert.Equal("COMMAND_REUSED", (await clerk.SuspendsAsync(ana, police, now, now.AddDays(2), command: command)).Refusal);

        hrms.Clock.AdvanceTo(now.AddDays(1));
        Assert.Single((await ana.ExportsAllAsync()).GetProperty("suspensions").EnumerateArray());
    }

    /// <summary>It is read off what is durable: a grain that begins anew withholds the same.</summary>
    [Fact]
    public async Task AfterARestart_TheStatementHoldsOn()
    {
        var case10 = await Case.MakeAsync(hrms);
        await case10.Police.ReadsAsync(case10.Ana, case10.Lab, purpose: PurposeOfUse.HLEGAL);
        await (await hrms.OperatorAsync()).SuspendsAsync(case10.Ana, case10.Police, hrms.Clock.GetUtcNow(), hrms.Clock.GetUtcNow().AddDays(30));

        await hrms.ForgetAsync();

        Assert.Single(await case10.Ana.HistoryAsync(), line => line.Withheld);
        Assert.Empty(await case10.Ana.AccountingAsync());
    }

    private static string[] Told(JsonElement line) => [.. line.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).Select(member => member.Name).Order(StringComparer.Ordinal)];

    private static Dictionary<long, string> Ciphertexts(JsonElement export)
    {
        var proof = JsonNode.Parse(export.GetProperty("proof").GetString()!)!;
        return proof["events"]!.AsArray().Select((link, i) => (Version: (long)proof["from"]! + i, Text: (string)link!["ciphertext"]!)).ToDictionary(link => link.Version, link => link.Text);
    }

    private static async Task<IReadOnlyList<Guid>> HoldersAsync(Patient ana) => [.. (await ana.AsksAsync("query($id: ID!) { patient(id: $id) { holdings { holder { id } } } }", new { id = ana.Id }))
        .Patient.GetProperty("holdings").EnumerateArray().Select(holding => holding.GetProperty("holder").GetProperty("id").GetGuid())];

    private static async Task<IReadOnlyList<string>> NoticesAsync(Patient ana) => [.. (await ana.AsksAsync("query($id: ID!) { patient(id: $id) { notices { kind } } }", new { id = ana.Id }))
        .Patient.GetProperty("notices").EnumerateArray().Select(notice => notice.GetProperty("kind").GetString()!)];

    /// <summary>A patient who permits the police and her doctor everything.</summary>
    private sealed record Case(Patient Ana, Provider Police, Provider Inspector, Provider DrLee, Guid Lab)
    {
        public static async Task<Case> MakeAsync(HrmsFixture hrms)
        {
            var (ana, police, inspector, drLee) = (await hrms.PatientAsync(), await hrms.OrganizationAsync("County Police"), await hrms.PractitionerAsync("Inspector Roe"), await hrms.PractitionerAsync());
            await police.HasMemberAsync(inspector);
            var lab = await ana.AddsAsync(Clinic.LabResult());
            await ana.GrantsAsync(police, new Terms());
            await ana.GrantsAsync(drLee, new Terms());
            return new Case(ana, police, inspector, drLee, lab);
        }
    }
}
