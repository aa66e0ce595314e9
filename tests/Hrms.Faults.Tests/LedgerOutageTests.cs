using System.Diagnostics;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Proofs;
using Hrms.Ledger.Rpc;

namespace Hrms.Faults.Tests;

/// <summary>
/// The node dies alone. Killed, it comes back with the chain of its last clean stop, here an empty one: the contract and every batch are to be sent again.
/// </summary>
[Trait("Feature", "89")]
public sealed class LedgerOutageTests(SharedHost shared, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly Guid Doctor = Guid.NewGuid();
    private RunningHost _host = null!;
    private Guid _patient;

    public async ValueTask InitializeAsync()
    {
        _host = await shared.RunningAsync();
        _patient = await _host.Client.PatientAsync();
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    [Trait("Fault", "F07")]
    public async Task WithoutTheNode_CareGoesOn_AndAfterwardsEverythingIsOnTheChainOnce()
    {
        await AddRecordAsync();
        var kept = await GrantAsync();
        var taken = await GrantAsync();
        await _host.Client.LedgerQuietAsync();

        await _host.Node.KillAsync();
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(1, await CountSeenByDoctorAsync());
        await RevokeAsync(taken.Id);
        Assert.Equal(1, await CountSeenByDoctorAsync());
        await RevokeAsync(kept.Id);
        Assert.Equal(0, await CountSeenByDoctorAsync());
        var given = await GrantAsync();
        Assert.Equal(1, await CountSeenByDoctorAsync());
        output.WriteLine($"Four reads, two revocations and a grant without the node: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        Assert.Equal(JsonValueKind.Null, (await AskAsync($"query($p:ID!){{patient(id:$p){{anchor(streamVersion:{given.StreamVersion}){{blockNumber}}}}}}", new { p = _patient }))
            .GetProperty("anchor").GetProperty("blockNumber").ValueKind);

        await _host.Node.RestartAsync();
        output.WriteLine($"Quiet again {(await _host.Client.LedgerQuietAsync()).TotalSeconds:0.0} s after the node was back");
        await ProvesAsync(given.StreamVersion, "consent");
        await _host.Client.LedgerQuietAsync();
        var audit = await _host.AuditAsync();
        output.WriteLine($"{audit.Rows} events in {audit.Batches} batches");
    }

    [Fact]
    [Trait("Fault", "F21")]
    public async Task ANodeThatForgotUnnoticed_IsHealedAtTheNextChange()
    {
        var before = await GrantAsync();
        await _host.Client.LedgerQuietAsync();

        await _host.Node.KillAsync();
        await _host.Node.RestartAsync();
        await AddRecordAsync();
        output.WriteLine($"Quiet {(await _host.Client.LedgerQuietAsync()).TotalSeconds:0.0} s after the change");

        await ProvesAsync(before.StreamVersion, "consent");
        await _host.Client.LedgerQuietAsync();
        await _host.AuditAsync();
    }

    [Fact]
    [Trait("Fault", "F08")]
    public async Task ANodeThatHangs_HoldsUpNoCare_AndTheLaneGoesOnWhenItAnswersAgain()
    {
        var consent = await GrantAsync();
        await AddRecordAsync();
        var usual = await CareAsync(consent.Id);
        var another = await GrantAsync();
        await _host.Client.LedgerQuietAsync();
        await SignalAsync("STOP");
        try
        {
            var took = await CareAsync(another.Id);
            output.WriteLine($"Two changes, a record and a look while the node hangs: {took.TotalMilliseconds:0} ms, else {usual.TotalMilliseconds:0} ms");
            // A call of a node that hangs is given up after 5 s. However busy the machine is, care takes about as long as before.
            Assert.True(took < (usual * 10) + TimeSpan.FromSeconds(4), $"{took}: something waited for the node.");
        }
        finally
        {
            await SignalAsync("CONT");
        }
        await _host.Client.LedgerQuietAsync();
        await _host.AuditAsync();
    }

    private async Task<TimeSpan> CareAsync(Guid consent)
    {
        var began = Stopwatch.GetTimestamp();
        Assert.True(await CountSeenByDoctorAsync() > 0);
        await GrantAsync();
        await RevokeAsync(consent);
        await AddRecordAsync();
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _host.Node.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private async Task ProvesAsync(long streamVersion, string kind)
    {
        var proof = (await AskAsync("query($p:ID!){patient(id:$p){proof(streamVersion:" + streamVersion + ")}}", new { p = _patient })).GetProperty("proof");
        var (bundle, unreadable) = ProofBundleJson.Read(System.Text.Encoding.UTF8.GetBytes(proof.GetString()!));
        Assert.Null(unreadable);
        var (opened, problem) = ProofVerifier.Open(bundle!);
        Assert.Null(problem);
        Assert.Equal(kind, opened!.Event.Kind);
        using var nodes = new NodePool([_host.Node.RpcUrl], TimeSpan.FromMinutes(1));
        Assert.Null(await new LedgerWitness(new HealthLedgerView(nodes)).CheckAsync(opened, default));
    }

    private async Task<(Guid Id, long StreamVersion)> GrantAsync()
    {
        var payload = await AskAsync(
            "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d}}){consent{id streamVersion} errors{code}}}",
            new { c = Guid.NewGuid(), p = _patient, d = Doctor });
        var consent = payload.GetProperty("consent");
        return (consent.GetProperty("id").GetGuid(), consent.GetProperty("streamVersion").GetInt64());
    }

    private async Task RevokeAsync(Guid consent) => Assert.Equal("REVOKED", (await AskAsync(
        "mutation($c:ID!,$p:ID!,$d:ID!){revokeConsent(input:{commandId:$c,patient:$p,consent:$d}){consent{status} errors{code}}}",
        new { c = Guid.NewGuid(), p = _patient, d = consent })).GetProperty("consent").GetProperty("status").GetString());

    private async Task AddRecordAsync() => Assert.Equal(1, (await AskAsync(
        "mutation($c:ID!,$p:ID!,$r:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$r}){count errors{code}}}",
        new { c = Guid.NewGuid(), p = _patient, r = new { resourceType = "Observation", status = "final", code = new { text = "Pulse" } } })).GetProperty("count").GetInt32());

    private async Task<int> CountSeenByDoctorAsync() =>
        (await _host.Client.SendAsync(Party.Practitioner(Doctor), "query($p:ID!){patient(id:$p){records(first:5){totalCount}}}", new { p = _patient }))
        .Field.GetProperty("records").GetProperty("totalCount").GetInt32();

    private async Task<JsonElement> AskAsync(string query, object variables) => (await _host.Client.SendAsync(Party.Patient(_patient), query, variables)).Field;
}
