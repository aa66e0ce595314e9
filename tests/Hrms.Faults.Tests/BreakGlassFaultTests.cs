using Npgsql;

namespace Hrms.Faults.Tests;

/// <summary>An emergency does not wait for the ledger's node, nor for the store of keys where the patient's is in memory; and no fault opens what is not in the review queue.</summary>
[Trait("Feature", "32")]
public sealed class BreakGlassFaultTests(SharedHost shared) : IAsyncLifetime
{
    private const string BreakGlass = "mutation($c:ID!,$p:ID!){breakGlass(input:{commandId:$c,patient:$p,reason:\"Unconscious after a fall\",minutes:30}){glass{id} errors{code}}}";
    private RunningHost _host = null!;
    private Guid _patient, _surgeon;

    public async ValueTask InitializeAsync()
    {
        _host = await shared.RunningAsync();
        _surgeon = (await _host.Client.SendUntilAnsweredAsync(
            Party.Operator,
            "mutation($n:String!){registerProvider(input:{kind:PRACTITIONER,name:\"Dr Weber\",identifierSystem:\"urn:test:registry\",identifierValue:$n}){provider{id} errors{code}}}",
            new { n = $"{Guid.NewGuid():N}" })).Field.GetProperty("provider").GetProperty("id").GetGuid();
        _patient = await PatientWithARecordAsync();
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    [Trait("Fault", "F07")]
    public async Task WithoutTheNode_TheGlassBreaks_AndIsOnTheLedgerAfterwards()
    {
        await _host.Client.LedgerQuietAsync();
        await _host.Node.KillAsync();
        try
        {
            Assert.Equal(0, await CountSeenAsync(_patient));
            var glass = await BreaksAsync(_patient);
            Assert.Equal(1, await CountSeenAsync(_patient));
            await IsToldAsync(_patient, glass);
            await AreQueuedAsync(glass);
        }
        finally
        {
            await _host.Node.RestartAsync();
        }
        await _host.Client.LedgerQuietAsync();
        await _host.AuditAsync();
    }

    [Fact]
    [Trait("Fault", "F40")]
    public async Task WithoutTheStoreOfKeys_TheGlassOfAPatientInMemoryBreaks_AndNobodyElsesOpens()
    {
        var cold = await PatientWithARecordAsync();
        await _host.ForgetAsync();
        // Whom the emergency needs is at work: the patient, the practitioner, and the operators' queue.
        Assert.Equal(0, await CountSeenAsync(_patient));
        await BreaksAsync(await PatientWithARecordAsync());
        var (toCold, waited) = (Guid.NewGuid(), Guid.Empty);

        await using (var connection = new NpgsqlConnection(_host.Postgres.ConnectionString))
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var command = new NpgsqlCommand("lock table owner_key in access exclusive mode", connection, transaction))
                await command.ExecuteNonQueryAsync();

            waited = await BreaksAsync(_patient);
            Assert.Equal(1, await CountSeenAsync(_patient));
            await IsToldAsync(_patient, waited);
            // Whose key has to be fetched waits for it, and who asks is told to repeat the command.
            Assert.Subset(new HashSet<string> { "UNAVAILABLE", "TIMEOUT" }, (await _host.Client.SendAsync(Party.Practitioner(_surgeon), BreakGlass, new { c = toCold, p = cold })).Codes.ToHashSet());
        }
        var later = await _host.Client.SendUntilAnsweredAsync(Party.Practitioner(_surgeon), BreakGlass, new { c = toCold, p = cold });
        Assert.Empty(later.Codes);
        Assert.Equal(1, await CountSeenAsync(cold));
        await IsToldAsync(cold, later.Field.GetProperty("glass").GetProperty("id").GetGuid());
        await AreQueuedAsync(waited, later.Field.GetProperty("glass").GetProperty("id").GetGuid());
    }

    private async Task<Guid> PatientWithARecordAsync()
    {
        var patient = await _host.Client.PatientAsync();
        Assert.Equal(1, (await _host.Client.SendAsync(
            Party.Patient(patient), "mutation($c:ID!,$p:ID!,$r:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$r}){count errors{code}}}",
            new { c = Guid.NewGuid(), p = patient, r = new { resourceType = "Observation", status = "final", code = new { text = "Pulse" } } })).Field.GetProperty("count").GetInt32());
        return patient;
    }

    private async Task<Guid> BreaksAsync(Guid patient)
    {
        var answer = await _host.Client.SendAsync(Party.Practitioner(_surgeon), BreakGlass, new { c = Guid.NewGuid(), p = patient });
        Assert.Empty(answer.Codes);
        return answer.Field.GetProperty("glass").GetProperty("id").GetGuid();
    }

    private async Task<int> CountSeenAsync(Guid patient) => (await _host.Client.SendAsync(
        Party.Practitioner(_surgeon), "query($p:ID!){patient(id:$p,purpose:BTG){records(first:5){totalCount}}}", new { p = patient })).Field.GetProperty("records").GetProperty("totalCount").GetInt32();

    private async Task IsToldAsync(Guid patient, Guid glass)
    {
        var notices = (await _host.Client.SendAsync(Party.Patient(patient), "query($p:ID!){patient(id:$p){notices{kind about}}}", new { p = patient })).Field.GetProperty("notices");
        Assert.Equal(("GLASS_BROKEN", glass), Assert.Single(notices.EnumerateArray().Select(notice => (notice.GetProperty("kind").GetString(), notice.GetProperty("about").GetGuid()))));
    }

    /// <summary>No organisation's member broke them: operators answer for it.</summary>
    private async Task AreQueuedAsync(params Guid[] glasses) => Assert.Subset(
        (await _host.Client.SendAsync(Party.Operator, "{glassReviews(first:200){id}}")).Field.EnumerateArray().Select(entry => entry.GetProperty("id").GetGuid()).ToHashSet(),
        glasses.ToHashSet());
}
