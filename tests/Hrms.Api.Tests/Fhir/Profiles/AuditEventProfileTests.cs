using System.Text.Json.Nodes;
using Hrms.Api.Fhir.Audit;
using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Fhir.Profiles;

/// <summary>Access lines as AuditEvents follow the profiles of IHE BALP that they name, whatever was asked by whom and however it was decided.</summary>
[Trait("Feature", "46")]
public sealed class AuditEventProfileTests
{
    private static readonly PatientId Ana = new(Guid.NewGuid());
    private static readonly RecordId Lab = new(Guid.NewGuid()), Letter = new(Guid.NewGuid());
    private static readonly ConsentId Consent = new(Guid.NewGuid());
    private static readonly AuditEventWriter Writer = new(
        Ana, new Uri("https://records.example/fhir"), new Dictionary<Guid, string> { [Lab.Value] = "Observation", [Letter.Value] = "DocumentReference" });

    private static readonly DecisionReason[] Refusing =
    [
        DecisionReason.Denied, DecisionReason.NoConsent, DecisionReason.NoSuchRecord, DecisionReason.RoleNotAllowed, DecisionReason.OptedOut, DecisionReason.FrequencyExceeded,
        DecisionReason.PurgeOverdue, DecisionReason.LedgerAhead, DecisionReason.OutOfScope, DecisionReason.TokenEnded,
    ];

    private static readonly Actor[] Actors =
    [
        Actor.Patient(Ana), Actor.Practitioner(new ProviderId(Guid.NewGuid())), Actor.Organization(new ProviderId(Guid.NewGuid())), Actor.Device(new DeviceId(Guid.NewGuid())),
        new(ActorKind.Operator, Guid.NewGuid()),
    ];

    [Fact]
    public void EveryLine_FollowsTheProfileThatItNames()
    {
        var lines = (
            from reason in Enum.GetValues<DecisionReason>()
            from records in new[] { 0, 1, 2 }
            let decision = new Decision(!Refusing.Contains(reason), reason, reason is DecisionReason.NoConsent or DecisionReason.NoSuchRecord ? null : Consent, 2)
            select new AccessLine(
                7, DateTimeOffset.UnixEpoch.AddDays(20_000).AddTicks(1), AskerOf(reason), records == 2 ? AccessAction.Export : records == 1 ? AccessAction.View : AccessAction.Query,
                "everything", decision, [.. new[] { Lab, Letter }.Take(records).Select(record => new AccessedRecord(record, 1, decision))], 5)).ToList();

        var written = lines.ConvertAll(Writer.Write);

        Assert.All(written, audit => Assert.Empty(ProfileValidator.Problems(audit)));
        Assert.Equal(
            ["IHE.BasicAudit.AuthZconsent", "IHE.BasicAudit.PatientQuery", "IHE.BasicAudit.PatientRead"],
            written.Select(audit => ((string)audit["meta"]!["profile"]![0]!).Split('/')[^1]).Distinct().Order());
        Assert.Distinct(lines.Select((line, i) => line with { StreamVersion = i }).Select(Writer.IdOf));
    }

    [Fact]
    public void EachPart_ThatAProfileWants_IsMissedWhenItIsGone()
    {
        foreach (var (permitted, records) in new[] { (true, 1), (true, 2), (false, 1) })
        {
            var decision = new Decision(permitted, DecisionReason.Permitted, Consent, 2);
            var line = new AccessLine(
                7, DateTimeOffset.UnixEpoch, AskerOf(DecisionReason.Self), AccessAction.View, "record", decision, [.. new[] { Lab, Letter }.Take(records).Select(record => new AccessedRecord(record, 1, decision))], 5);
            foreach (var damage in Damages)
                Assert.NotEmpty(ProfileValidator.Problems(damage(Writer.Write(line))));
        }
    }

    [Fact]
    public void TheAuthorsOwnExamples_PassTheSameJudge() => Assert.All(
        new[] { "ex-auditBasicReadServer", "ex-auditBasicQueryGetServer", "ex-auditAuthZconsent-deny" },
        name => Assert.Empty(ProfileValidator.Problems(JsonNode.Parse(File.ReadAllText(Path.Combine(SampleData.Find("auditevent-ihe-balp"), $"AuditEvent-{name}.json")))!)));

    private static readonly Func<JsonObject, JsonObject>[] Damages =
    [
        audit => Without(audit, "subtype"), audit => Without(audit, "outcome"), audit => With(audit, "action", "D"), audit => With(audit, "type", new JsonObject { ["code"] = "x" }),
        audit => WithoutItem(audit, "agent", agent => true), audit => WithoutItem(audit, "entity", entity => (string?)entity["type"]!["code"] == "1"),
        audit => WithoutItem(audit, "entity", entity => (string?)entity["type"]!["code"] is "2" or "Consent"),
    ];

    private static Asker AskerOf(DecisionReason reason) => new(
        Actors[(int)reason % Actors.Length], (int)reason % 2 == 0 ? PurposeOfUse.TREAT : PurposeOfUse.Find("http://example.org/purposes", "Foo")!, reason == DecisionReason.Delegated ? Actor.Patient(Ana) : null,
        (int)reason % 3 == 0 ? "diary" : null, (int)reason % 2 == 0 ? "0HN:1" : null);

    private static JsonObject Without(JsonObject audit, string name)
    {
        Assert.True(audit.Remove(name));
        return audit;
    }

    private static JsonObject With(JsonObject audit, string name, JsonNode value)
    {
        audit[name] = value;
        return audit;
    }

    private static JsonObject WithoutItem(JsonObject audit, string name, Func<JsonNode, bool> which)
    {
        var items = audit[name]!.AsArray();
        var gone = items.Where(item => which(item!)).ToList();
        Assert.NotEmpty(gone);
        foreach (var item in name == "agent" ? gone.Take(1) : gone)
            items.Remove(item);
        return audit;
    }
}
