using System.Globalization;
using Npgsql;

namespace Hrms.Faults.Tests;

/// <summary>Silos on machines whose clocks are ten minutes ahead and ten minutes behind: there is no right one among them.</summary>
public sealed class WrongClockTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<PostgresFixture>, IClassFixture<EvmNodeFixture>
{
    private const int Patients = 12;
    private static readonly TimeSpan SoonOrJustNow = TimeSpan.FromMinutes(5), Near = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Feature", "9")]
    [Trait("Feature", "10")]
    [Trait("Fault", "F31")]
    public async Task ConsentsBeginAndEnd_ByTheDatabasesClock_WhateverTheSilosClocksSay()
    {
        var database = await postgres.CreateDatabaseAsync("clocks");
        await using var all = await SeveralProcesses.StartAsync(database, node.RpcUrl, [Machine.Here(("HRMS_MACHINE_CLOCK_AHEAD", "600")), Machine.Here(("HRMS_MACHINE_CLOCK_AHEAD", "-600"))]);
        var now = await TimeOfAsync(database);
        var (drLee, drRoe, drKim) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());

        // Enough patients that each silo has some.
        foreach (var _ in Enumerable.Range(0, Patients))
        {
            var patient = await all.Client.PatientAsync();
            var record = await RecordAsync(all.Client, patient);

            // Dr Lee may look for five more minutes, Dr Roe in five minutes, Dr Kim could until five minutes ago.
            Assert.Empty(await GrantAsync(all.Client, patient, drLee, null, now + SoonOrJustNow));
            Assert.Empty(await GrantAsync(all.Client, patient, drRoe, now + SoonOrJustNow, null));
            await GrantAsync(all.Client, patient, drKim, now - 2 * SoonOrJustNow, now - SoonOrJustNow);

            Assert.Equal(
                (true, false, false),
                (await SeesAsync(all.Client, drLee, patient, record), await SeesAsync(all.Client, drRoe, patient, record), await SeesAsync(all.Client, drKim, patient, record)));
            var looked = (await all.Client.SendAsync(Party.Patient(patient), "query($p:ID!){patient(id:$p){accessHistory(first:1){nodes{at}}}}", new { p = patient }))
                .Field.GetProperty("accessHistory").GetProperty("nodes")[0].GetProperty("at").GetDateTimeOffset();
            Assert.InRange(looked - now, TimeSpan.Zero, Near);
        }
        Assert.All(all.Silos, silo => Assert.False(silo.HasExited));
    }

    private static async Task<DateTimeOffset> TimeOfAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("select clock_timestamp()");
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync())!);
    }

    private static async Task<Guid> RecordAsync(ApiClient client, Guid patient) =>
        (await client.SendAsync(
            Party.Patient(patient), "mutation($c:ID!,$p:ID!,$r:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$r}){records{id} errors{code}}}",
            new { c = Guid.NewGuid(), p = patient, r = Looks.Laboratory })).Field.GetProperty("records")[0].GetProperty("id").GetGuid();

    /// <returns>Codes of the refusal, if it is one.</returns>
    private static async Task<IReadOnlyList<string>> GrantAsync(ApiClient client, Guid patient, Guid practitioner, DateTimeOffset? from, DateTimeOffset? until)
    {
        static string? Text(DateTimeOffset? time) => time?.ToString("o", CultureInfo.InvariantCulture);
        return (await client.SendAsync(
            Party.Patient(patient),
            "mutation($c:ID!,$p:ID!,$d:ID!,$f:DateTimeOffset,$u:DateTimeOffset){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d},data:{classes:[LABORATORY]},validFrom:$f,validUntil:$u}){consent{id} errors{code}}}",
            new { c = Guid.NewGuid(), p = patient, d = practitioner, f = Text(from), u = Text(until) })).Codes;
    }

    private static async Task<bool> SeesAsync(ApiClient client, Guid practitioner, Guid patient, Guid record) =>
        (await client.SendAsync(Party.Practitioner(practitioner), "query($p:ID!,$r:ID!){patient(id:$p){record(id:$r){id}}}", new { p = patient, r = record }))
        .Field.GetProperty("record").ValueKind == JsonValueKind.Object;
}
