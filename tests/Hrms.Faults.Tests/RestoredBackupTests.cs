using Hrms.Embedded;

namespace Hrms.Faults.Tests;

/// <summary>The hospital's database is lost, and what is restored is older than what the patient decided last. The ledger knows that there was more.</summary>
[Trait("Fault", "F30")]
public sealed class RestoredBackupTests(PostgresFixture postgres, EvmNodeFixture node)
{
    private const string Grant = "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d}}){consent{id} errors{code}}}";
    private const string Revoke = "mutation($c:ID!,$p:ID!,$d:ID!){revokeConsent(input:{commandId:$c,patient:$p,consent:$d}){consent{status} errors{code}}}";
    private const string Look = "query($p:ID!){patient(id:$p){records(first:5){totalCount}}}";
    private const string BreakGlass = "mutation($c:ID!,$p:ID!){breakGlass(input:{commandId:$c,patient:$p,reason:\"Unconscious after a fall\",minutes:30}){errors{code message}}}";
    private const string LastLine = "query($p:ID!){patient(id:$p){accessHistory(first:2){nodes{operation reason}}}}";
    private const string Register =
        "mutation{registerProvider(input:{kind:PRACTITIONER,name:\"Dr Weber\",identifierSystem:\"urn:test:registry\",identifierValue:\"W-1\"}){provider{id} errors{code}}}";
    private static readonly Guid FamilyDoctor = Guid.NewGuid();

    [Fact]
    public async Task WhoseConsentWasRevokedAfterTheBackup_SeesNothing_AndNobodyElse_UntilTheNewestRowsAreBack()
    {
        using var folder = new TemporaryFolder();
        var services = await ApiProcess.OnAsync(postgres, node, "newest");
        var (patient, surgeon, backup) = await BackedUpThenRevokedAsync(folder, services);

        await using (var restored = await ApiProcess.StartAsync(folder["data"], folder["restored.log"], On(services, backup)))
        {
            Assert.Contains("old backup", (await restored.Client.SendAsync(Party.Operator, "{ledger{alarm}}")).Field[0].GetProperty("alarm").GetString(), StringComparison.Ordinal);
            Assert.Equal(0, await SeenAsync(restored, Party.Practitioner(surgeon), patient));
            Assert.Equal("LEDGER_AHEAD", await LastReasonAsync(restored, patient, "records"));
            // The family doctor's consent holds as far as anybody knows; whether it does only the lost rows could tell.
            Assert.Equal(0, await SeenAsync(restored, Party.Practitioner(FamilyDoctor), patient));
            Assert.Equal(["NOT_FOUND"], (await restored.Client.SendAsync(Party.Practitioner(surgeon), BreakGlass, new { c = Guid.NewGuid(), p = patient })).Codes);
            Assert.Equal(1, await SeenAsync(restored, Party.Patient(patient), patient));
            Assert.Equal(0, await restored.StopAsync());
        }

        await using var newest = await ApiProcess.StartAsync(folder["data"], folder["newest.log"], services);
        Assert.Equal(1, await SeenAsync(newest, Party.Practitioner(FamilyDoctor), patient));
        Assert.Equal(0, await SeenAsync(newest, Party.Practitioner(surgeon), patient));
        await newest.Client.LedgerQuietAsync();
        await Invariants.LedgerAsync(newest.Postgres, newest.Node);
        Assert.Equal(0, await newest.StopAsync());
    }

    /// <summary>A patient whose record two doctors may see, as of the backup; afterwards one of them no more.</summary>
    private async Task<(Guid Patient, Guid Surgeon, string Backup)> BackedUpThenRevokedAsync(TemporaryFolder folder, IReadOnlyDictionary<string, string> services)
    {
        await using var before = await ApiProcess.StartAsync(folder["data"], folder["before.log"], services);
        var surgeon = (await before.Client.SendAsync(Party.Operator, Register)).Field.GetProperty("provider").GetProperty("id").GetGuid();
        var patient = await before.Client.PatientAsync();
        Assert.True(await new Change(ChangeKind.Record, patient).SendAsync(before.Client));
        var surgeons = await GrantAsync(before, patient, surgeon);
        await GrantAsync(before, patient, FamilyDoctor);
        Assert.Equal(1, await SeenAsync(before, Party.Practitioner(surgeon), patient));
        await before.Client.LedgerQuietAsync();
        Assert.Equal(0, await before.StopAsync());
        var backup = await postgres.CopyDatabaseAsync(services[EmbeddedServices.PostgresVariable]);

        await before.StartAsync();
        Assert.Empty((await before.Client.SendAsync(Party.Patient(patient), Revoke, new { c = Guid.NewGuid(), p = patient, d = surgeons })).Codes);
        await before.Client.LedgerQuietAsync();
        Assert.Equal(0, await before.StopAsync());
        return (patient, surgeon, backup);
    }

    private static Dictionary<string, string> On(IReadOnlyDictionary<string, string> services, string database) =>
        new(services) { [EmbeddedServices.PostgresVariable] = database };

    private static async Task<Guid> GrantAsync(ApiProcess api, Guid patient, Guid doctor) =>
        (await api.Client.SendAsync(Party.Patient(patient), Grant, new { c = Guid.NewGuid(), p = patient, d = doctor })).Field.GetProperty("consent").GetProperty("id").GetGuid();

    private static async Task<int> SeenAsync(ApiProcess api, Party party, Guid patient) =>
        (await api.Client.SendAsync(party, Look, new { p = patient })).Field.GetProperty("records").GetProperty("totalCount").GetInt32();

    private static async Task<string?> LastReasonAsync(ApiProcess api, Guid patient, string operation) =>
        (await api.Client.SendAsync(Party.Patient(patient), LastLine, new { p = patient })).Field.GetProperty("accessHistory").GetProperty("nodes").EnumerateArray()
        .First(line => line.GetProperty("operation").GetString() == operation).GetProperty("reason").GetString();
}
