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
        Assert.Equal(["AuthZconsent", "PatientQuery", "PatientRead", "PrivacyDisclosure.Source"], written.Select(Profile).Distinct().Order());
        Assert.Distinct(lines.Select((line, i) => line with { StreamVersion = i }).SelectMany(line => new[] { Writer.IdOf(line), Writer.DecisionIdOf(line) }));
        // Beside what consents permitted stands their decision.
        var decided = lines.Where(AuditEventWriter.HasDecision).ToList();
        Assert.Equal(lines.Where(line => line.Decision is { Permitted: true, Consent: not null }), decided);
        var decisions = decided.ConvertAll(Writer.WriteDecision);
        Assert.All(decisions, audit => Assert.Empty(ProfileValidator.Problems(audit)));
        Assert.All(decisions, audit => Assert.Equal(("AuthZconsent", "0"), (Profile(audit), (string?)audit["outcome"])));
        // By whichever token it came, it is named as BALP names it.
        Assert.Equal(
            ["OAUTHaccessTokenUse.Minimal", "OAUTHaccessTokenUse.Opaque"],
            written.Concat(decisions).SelectMany(audit => audit["meta"]!["profile"]!.AsArray().Skip(1)).Select(profile => ((string)profile!).Split("IHE.BasicAudit.")[^1]).Distinct().Order());
    }

    /// <summary>Research, public health, the law's questions and whatever nobody here knows are disclosures; treatment, payment, operations and who acts for the patient are looks.</summary>
    [Fact]
    public void DataThatLeft_IsADisclosure_UnlessItWasForCare_OrToThePatient()
    {
        var doctor = Actors[1];
        Assert.Equal("PrivacyDisclosure.Source", Profile(Writer.Write(Look(new Asker(doctor, PurposeOfUse.PUBHLTH), 1))));
        Assert.Equal("PrivacyDisclosure.Source", Profile(Writer.Write(Look(new Asker(doctor, PurposeOfUse.HRESCH), 0) with { Operation = "samples" })));
        Assert.Equal("PatientQuery", Profile(Writer.Write(Look(new Asker(doctor, PurposeOfUse.HRESCH), 0))));
        foreach (var asker in new[] { new Asker(doctor, PurposeOfUse.HPAYMT), new Asker(Actor.Patient(Ana), PurposeOfUse.HRESCH), new Asker(Actors[0] with { Id = Guid.NewGuid() }, PurposeOfUse.FAMRQT, Actor.Patient(Ana)) })
            Assert.Equal("PatientRead", Profile(Writer.Write(Look(asker, 1))));
    }

    [Fact]
    public void ARecordThatCameIn_IsACreate_AndAnAmendedOneAnUpdate()
    {
        foreach (var by in Actors)
        {
            var record = new RecordMetadata(
                Lab, 1, "Observation", DataClass.Laboratory, [], null, [], null, [], RecordSource.Import, by, DateTimeOffset.UnixEpoch.AddDays(20_000), 7, null);
            var (create, update) = (Writer.Write(record), Writer.Write(record with { Version = 2, StreamVersion = 9 }));

            Assert.Equal(("PatientCreate", "PatientUpdate"), (Profile(create), Profile(update)));
            Assert.All(new[] { create, update }, audit => Assert.Empty(ProfileValidator.Problems(audit)));
            Assert.Equal($"Observation/{Lab}/_history/2", (string)update["entity"]![0]!["what"]!["reference"]!);
            Assert.NotEqual((string)create["id"]!, (string)update["id"]!);
            foreach (var damage in Damages)
                Assert.NotEmpty(ProfileValidator.Problems(damage(Writer.Write(record))));
        }
    }

    [Fact]
    public void AWithheldLine_SaysThatItIsThere_AndWhen()
    {
        var audit = Writer.Write(AccessLine.Withheld(7, DateTimeOffset.UnixEpoch, 5));

        // Without a profile the judge wants every Reference to be literal (its ref-1), which FHIR R4 does not: 2.3.0, by its identifier alone.
        Assert.DoesNotContain(ProfileValidator.Problems(audit), problem => !problem.Contains("ref-1", StringComparison.Ordinal));
        Assert.Null(audit["meta"]!["profile"]);
        Assert.Equal("masked", (string)audit["agent"]![0]!["who"]!["extension"]![0]!["valueCode"]!);
        Assert.False(AuditEventWriter.HasDecision(AccessLine.Withheld(7, DateTimeOffset.UnixEpoch, 5)));
    }

    [Fact]
    public void EachPart_ThatAProfileWants_IsMissedWhenItIsGone()
    {
        foreach (var (permitted, records) in new[] { (true, 1), (true, 2), (false, 1) })
        {
            var decision = new Decision(permitted, DecisionReason.Permitted, Consent, 2);
            var line = new AccessLine(
                7, DateTimeOffset.UnixEpoch, new Asker(Actors[1], PurposeOfUse.TREAT), AccessAction.View, "record", decision, [.. new[] { Lab, Letter }.Take(records).Select(record => new AccessedRecord(record, 1, decision))], 5);
            foreach (var damage in Damages)
                Assert.NotEmpty(ProfileValidator.Problems(damage(Writer.Write(line))));
        }
    }

    [Fact]
    public void TheAuthorsOwnExamples_PassTheSameJudge() => Assert.All(
        new[]
        {
            "ex-auditBasicReadServer", "ex-auditBasicQueryGetServer", "ex-auditAuthZconsent-deny", "ex-auditAuthZconsent", "ex-auditBasicCreate1", "ex-auditBasicUpdate1",
            "ex-auditPrivacyDisclosure-source",
        },
        name => Assert.Empty(ProfileValidator.Problems(JsonNode.Parse(File.ReadAllText(Path.Combine(SampleData.Find("auditevent-ihe-balp"), $"AuditEvent-{name}.json")))!)));

    private static readonly Func<JsonObject, JsonObject>[] Damages =
    [
        audit => Without(audit, "subtype"), audit => Without(audit, "outcome"), audit => With(audit, "action", "D"), audit => With(audit, "type", new JsonObject { ["code"] = "x" }),
        audit => WithoutItem(audit, "agent", agent => true), audit => WithoutItem(audit, "entity", entity => (string?)entity["type"]!["code"] == "1"),
        audit => WithoutItem(audit, "entity", entity => (string?)entity["type"]!["code"] is "2" or "Consent"),
    ];

    private static Asker AskerOf(DecisionReason reason) => new(
        Actors[(int)reason % Actors.Length], (int)reason % 2 == 0 ? PurposeOfUse.TREAT : PurposeOfUse.Find("http://example.org/purposes", "Foo")!, reason == DecisionReason.Delegated ? Actor.Patient(Ana) : null,
        (int)reason % 3 == 0 ? "diary" : null, (int)reason % 2 == 0 ? "0HN:1" : null, TokenName: ((string?[])["jti:3f8a", $"end:{new string('x', 32)}", null])[(int)reason % 3]);

    private static AccessLine Look(Asker asker, int records)
    {
        var decision = new Decision(true, DecisionReason.Permitted, Consent, 2);
        return new AccessLine(7, DateTimeOffset.UnixEpoch, asker, AccessAction.View, "record", decision, [.. new[] { Lab, Letter }.Take(records).Select(record => new AccessedRecord(record, 1, decision))], 5);
    }

    private static string Profile(JsonObject audit) => ((string)audit["meta"]!["profile"]![0]!).Split("IHE.BasicAudit.")[^1];

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
