using System.Diagnostics;

namespace Hrms.Faults.Tests;

/// <summary>
/// Two programs on one database that know nothing of each other: what a silo is that was taken for dead, and came back. Only the journal's versions, the lane's
/// lease and the contract's numbers are between them and a second truth.
/// </summary>
public sealed class TwoProgramsTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output)
{
    private const string Grant = "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d}}){consent{id version} errors{code}}}";
    private const string Revoke = "mutation($c:ID!,$p:ID!,$d:ID!){revokeConsent(input:{commandId:$c,patient:$p,consent:$d}){consent{status} errors{code}}}";
    private const string Look = "query($p:ID!){patient(id:$p){records(first:5){totalCount}}}";
    private const string Register = "mutation($n:String!){registerProvider(input:{kind:CARE_TEAM,name:\"Ward 3\",identifierSystem:\"urn:test:teams\",identifierValue:$n}){provider{id} errors{code}}}";
    private const string Membership = "mutation($t:ID!,$d:ID!,$m:Boolean!){changeMembership(input:{organization:$t,practitioner:$d,member:$m}){provider{members} errors{code}}}";
    private const string GrantTeam = "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{careTeam:$d}}){consent{id} errors{code}}}";
    private static readonly Guid Doctor = Guid.NewGuid();

    [Fact]
    [Trait("Fault", "F06")]
    [Trait("Fault", "F18")]
    public async Task AProgramThatStoodStill_WhileAnotherTookItsPlace_OpensNothing_AndWritesNothingTwice()
    {
        using var folder = new TemporaryFolder();
        var services = await ApiProcess.OnAsync(postgres, node, "two");
        await using var one = await ApiProcess.StartAsync(folder["data"], folder["one.log"], services);
        var patient = await one.Client.PatientAsync();
        Assert.True(await new Change(ChangeKind.Record, patient).SendAsync(one.Client));
        var consent = (await one.Client.SendAsync(Party.Patient(patient), Grant, new { c = Guid.NewGuid(), p = patient, d = Doctor })).Field
            .GetProperty("consent").GetProperty("id").GetGuid();
        Assert.Equal(1, await SeenAsync(one.Client, patient));
        await one.Client.LedgerQuietAsync();
        await using var two = await ApiProcess.StartAsync(folder["data"], folder["two.log"], services);

        // It stops with commands under way, and with the patient and the lane in its memory.
        List<Change> changes = [.. Enumerable.Range(0, 20).Select(_ => new Change(ChangeKind.Grant, patient))];
        var underWay = changes.Select(change => change.SendAsync(one.Client)).ToList();
        await Task.WhenAny(underWay);
        await one.SignalAsync("STOP");
        await RepeatedAsync(() => two.Client.SendAsync(Party.Patient(patient), Revoke, new { c = Guid.NewGuid(), p = patient, d = consent }));
        changes.AddRange(Enumerable.Range(0, 20).Select(_ => new Change(ChangeKind.Grant, patient)));
        await AcknowledgedAsync(changes[20..], two.Client);
        await two.Client.LedgerQuietAsync();

        await one.SignalAsync("CONT");
        // What it remembers of the patient is older than the revocation.
        Assert.Equal(0, await SeenAsync(one.Client, patient));
        await Task.WhenAll(underWay);
        output.WriteLine($"{changes.Count(change => change.IsAcknowledged)} of {changes.Count} acknowledged before the rest is repeated");
        await AcknowledgedAsync(changes, one.Client);
        Assert.Equal(0, await SeenAsync(one.Client, patient));
        Assert.Equal(0, await SeenAsync(two.Client, patient));

        Assert.Equal(0, await one.StopAsync());
        await HoldsAsync(two, patient, changes);
        Assert.Equal(0, await two.StopAsync());
    }

    [Fact]
    [Trait("Fault", "F32")]
    public async Task WhatOneProgramMadeDurable_IsNotRefusedByTheOther_WhichDoesNotKnowIt()
    {
        using var folder = new TemporaryFolder();
        var services = await ApiProcess.OnAsync(postgres, node, "two");
        await using var one = await ApiProcess.StartAsync(folder["data"], folder["one.log"], services);
        var patient = await one.Client.PatientAsync();
        await using var two = await ApiProcess.StartAsync(folder["data"], folder["two.log"], services);
        await GrantedAsync(two.Client, patient);

        // The patient is in the memory of both, and gives at one what is taken back at the other.
        var consent = await GrantedAsync(one.Client, patient);
        var revoked = await RepeatedAsync(() => two.Client.SendAsync(Party.Patient(patient), Revoke, new { c = Guid.NewGuid(), p = patient, d = consent }));
        Assert.Equal("REVOKED", revoked.Field.GetProperty("consent").GetProperty("status").GetString());

        Assert.Equal(0, await one.StopAsync());
        Assert.Equal(0, await two.StopAsync());
    }

    [Fact]
    [Trait("Feature", "18")]
    [Trait("Fault", "F32")]
    public async Task WhoLeftATeamAtOneProgram_ReadsNothingAtTheOther_ASecondLater()
    {
        using var folder = new TemporaryFolder();
        var services = await ApiProcess.OnAsync(postgres, node, "two");
        await using var one = await ApiProcess.StartAsync(folder["data"], folder["one.log"], services);
        var patient = await one.Client.PatientAsync();
        Assert.True(await new Change(ChangeKind.Record, patient).SendAsync(one.Client));
        // Of two, since who belongs nowhere any more has no good token either.
        var (team, another) = (await TeamAsync(one.Client), await TeamAsync(one.Client));
        await MemberAsync(one.Client, team, member: true);
        await MemberAsync(one.Client, another, member: true);
        Assert.Empty((await one.Client.SendAsync(Party.Patient(patient), GrantTeam, new { c = Guid.NewGuid(), p = patient, d = team })).Codes);
        await using var two = await ApiProcess.StartAsync(folder["data"], folder["two.log"], services);
        Assert.Equal(1, await SeenAsync(two.Client, patient));

        await MemberAsync(one.Client, team, member: false);
        var left = Stopwatch.GetTimestamp();
        var (began, seen) = (TimeSpan.Zero, 1);
        while (began < TimeSpan.FromSeconds(1) && seen > 0)
            (began, seen) = (Stopwatch.GetElapsedTime(left), await SeenAsync(two.Client, patient));
        Assert.Equal(0, seen);

        Assert.Equal(0, await one.StopAsync());
        Assert.Equal(0, await two.StopAsync());
    }

    private static async Task<Guid> TeamAsync(ApiClient client) =>
        (await client.SendAsync(Party.Operator, Register, new { n = $"{Guid.NewGuid():N}" })).Field.GetProperty("provider").GetProperty("id").GetGuid();

    private static async Task MemberAsync(ApiClient client, Guid team, bool member) =>
        Assert.Empty((await RepeatedAsync(() => client.SendAsync(Party.Operator, Membership, new { t = team, d = Doctor, m = member }))).Codes);

    private static async Task<Guid> GrantedAsync(ApiClient client, Guid patient)
    {
        var command = Guid.NewGuid();
        return (await RepeatedAsync(() => client.SendAsync(Party.Patient(patient), Grant, new { c = command, p = patient, d = Doctor })))
            .Field.GetProperty("consent").GetProperty("id").GetGuid();
    }

    private static async Task HoldsAsync(ApiProcess api, Guid patient, IReadOnlyList<Change> changes)
    {
        var effects = await Effects.OfAsync(api.Client, patient);
        Assert.Empty(effects.Problems);
        Assert.All(changes, change => Assert.Equal(1, effects.Count(change)));
        await api.Client.LedgerQuietAsync();
        await Invariants.LedgerAsync(api.Postgres, api.Node);
    }

    /// <summary>Each command is repeated with its id until it is answered: the other program's write may have come in between.</summary>
    private static async Task AcknowledgedAsync(IReadOnlyList<Change> changes, ApiClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        foreach (var change in changes)
            while (!change.IsAcknowledged && !await change.SendAsync(client))
                Assert.False(limit.IsCancellationRequested, string.Join(", ", change.Faults));
    }

    private static async Task<int> SeenAsync(ApiClient client, Guid patient) =>
        (await RepeatedAsync(() => client.SendAsync(Party.Practitioner(Doctor), Look, new { p = patient }))).Field.GetProperty("records").GetProperty("totalCount").GetInt32();

    private static async Task<Answer> RepeatedAsync(Func<Task<Answer>> ask)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (true)
        {
            var answer = await ask();
            if (answer.Codes.Count == 0)
                return answer;
            Assert.Equal(["UNAVAILABLE"], answer.Codes);
            Assert.False(limit.IsCancellationRequested, answer.Body);
        }
    }
}
