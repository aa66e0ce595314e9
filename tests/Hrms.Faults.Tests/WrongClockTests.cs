using System.Globalization;
using Npgsql;

namespace Hrms.Faults.Tests;

/// <summary>
/// Silos on machines whose clocks are wrong. A process can't be given a clock of its own without help from outside, so what a silo does with its machine's clock is turned: what it compares with PostgreSQL's, and when it says
/// in the membership table that it started and was last alive. Its peers hold that against PostgreSQL's clock. When it votes a peer dead is not turned.
/// </summary>
public sealed class WrongClockTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output)
{
    private const int Patients = 12, Ahead = 600, Behind = -240, FarBehind = -600;

    /// <summary>Less than any clock is off.</summary>
    private static readonly TimeSpan SoonOrJustNow = TimeSpan.FromSeconds(220), Near = TimeSpan.FromMinutes(2);

    private const string TurnMembership =
        """
        create table wrong_clock_member (address text, port integer, generation integer);
        create function wrong_clock() returns trigger language plpgsql as $$
        declare
            ahead interval := make_interval(secs => substring(current_setting('application_name') from '-?[0-9]+')::integer);
        begin
            if tg_op = 'INSERT' then
                insert into wrong_clock_member values (new.Address, new.Port, new.Generation);
                new.StartTime := new.StartTime + ahead;
                new.IAmAliveTime := new.IAmAliveTime + ahead;
            elsif exists (select from wrong_clock_member own where own.address = new.Address and own.port = new.Port and own.generation = new.Generation) then
                new.IAmAliveTime := new.IAmAliveTime + ahead;
            end if;
            return new;
        end $$;
        create trigger wrong_clock before insert or update on OrleansMembershipTable
            for each row when (current_setting('application_name') like 'clock %') execute function wrong_clock();
        """;

    [Fact]
    [Trait("Feature", "9")]
    [Trait("Feature", "10")]
    [Trait("Fault", "F31")]
    public async Task ConsentsBeginAndEnd_ByTheDatabasesClock_WhateverTheSilosClocksSay()
    {
        var database = await postgres.CreateDatabaseAsync("clocks");
        await using var all = await SeveralProcesses.StartAsync(database, node.RpcUrl, silos: 1);
        await AskAsync(database, TurnMembership);
        await Task.WhenAll(all.AddSiloAsync(WithClock(database, Ahead)), all.AddSiloAsync(WithClock(database, Behind)));
        var now = await TimeOfAsync(database);
        var (drLee, drRoe, drKim) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());

        // Enough patients that each silo has some.
        await Task.WhenAll(Enumerable.Range(0, Patients).Select(async _ =>
        {
            var patient = await all.Client.PatientAsync();
            var record = await RecordAsync(all.Client, patient);

            // Dr Lee may look for some more minutes, Dr Roe in some minutes, Dr Kim could until some minutes ago.
            Assert.Empty(await GrantAsync(all.Client, patient, drLee, null, now + SoonOrJustNow));
            Assert.Empty(await GrantAsync(all.Client, patient, drRoe, now + SoonOrJustNow, null));
            await GrantAsync(all.Client, patient, drKim, now - 2 * SoonOrJustNow, now - SoonOrJustNow);

            Assert.Equal(
                (true, false, false),
                (await SeesAsync(all.Client, drLee, patient, record), await SeesAsync(all.Client, drRoe, patient, record), await SeesAsync(all.Client, drKim, patient, record)));
            var looked = (await all.Client.SendAsync(Party.Patient(patient), "query($p:ID!){patient(id:$p){accessHistory(first:1){nodes{at}}}}", new { p = patient }))
                .Field.GetProperty("accessHistory").GetProperty("nodes")[0].GetProperty("at").GetDateTimeOffset();
            Assert.InRange(looked - now, TimeSpan.Zero, Near);
        }));
        // The two count as members like the one whose clock is right, and nobody was taken for dead.
        Assert.All(all.Silos, silo => Assert.False(silo.HasExited));
        Assert.Equal("3 of 3, 1 ahead, 1 behind", await AskAsync(database, Members));

        // More than five minutes behind, a silo looks as if it had tried for as long to become a member: it may be voted out as it comes. The others stay.
        HostProcess[] members = [.. all.Silos];
        try
        {
            await all.AddSiloAsync(WithClock(database, FarBehind));
            output.WriteLine("The silo that is far behind became a member.");
        }
        catch (InvalidOperationException)
        {
            output.WriteLine("The silo that is far behind was voted out as it came.");
        }
        foreach (var silo in members)
            await silo.SaysAsync(200);
        await all.Client.PatientAsync();
    }

    /// <summary>How many silos are active, and what they say of the time. 3 is <c>SiloStatus.Active</c>.</summary>
    private const string Members =
        """
        select concat(count(*) filter (where Status = 3), ' of ', count(*), ', ',
            count(*) filter (where IAmAliveTime > now() + interval '5 minutes'), ' ahead, ', count(*) filter (where IAmAliveTime < now() - interval '3 minutes'), ' behind')
        from OrleansMembershipTable
        """;

    private static Machine WithClock(string database, int ahead) => Machine.Here(
        ("HRMS_MACHINE_CLOCK_AHEAD", $"{ahead}"), ("Hrms__Postgres", new NpgsqlConnectionStringBuilder(database) { ApplicationName = $"clock {ahead}" }.ConnectionString));

    private static async Task<DateTimeOffset> TimeOfAsync(string database) => new((DateTime)(await AskAsync(database, "select clock_timestamp()"))!);

    private static async Task<object?> AskAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
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
