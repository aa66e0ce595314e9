namespace Hrms.Faults.Tests;

/// <summary>An operator pauses a lane, looks into it and lets it go on; what they did is kept, and nobody else may.</summary>
public sealed class OperatorTests(SharedHost shared) : IAsyncLifetime
{
    private const string Inspect = "{ledger{state alarm backlog inspection{chainEpoch lastOnLedger minedNonce openBatches{number} operations{actor what reason}}}}";
    private RunningHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await shared.RunningAsync();

    public ValueTask DisposeAsync() => default;

    [Fact(Timeout = 120_000)]
    [Trait("Fault", "F07")]
    [Trait("Fault", "F08")]
    public async Task APausedLane_MakesNoBatch_WhileCareGoesOn_AndDrainsWhenResumed()
    {
        var patient = await _host.Client.PatientAsync();
        await _host.Client.LedgerQuietAsync();
        var command = Guid.NewGuid();
        Assert.Equal(["FORBIDDEN"], (await TellAsync(Party.Patient(patient), "pauseLane", Guid.NewGuid(), "Why not")).Codes);
        Assert.Equal(["INVALID"], (await TellAsync(Party.Operator, "pauseLane", Guid.NewGuid(), " ")).Codes);
        Assert.Empty((await TellAsync(Party.Operator, "pauseLane", command, "The node is moved")).Codes);
        Assert.Empty((await TellAsync(Party.Operator, "pauseLane", command, "The node is moved")).Codes);

        // It finishes the step that it is in.
        while ((await LaneAsync()).GetProperty("state").GetString() != "paused")
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);

        var change = new Change(ChangeKind.Grant, patient);
        Assert.True(await change.SendAsync(_host.Client));
        var lane = await LaneAsync();
        Assert.True(lane.GetProperty("backlog").GetInt32() > 0);
        Assert.Equal("paused", lane.GetProperty("state").GetString());
        Assert.Contains("The node is moved", lane.GetProperty("alarm").GetString(), StringComparison.Ordinal);

        // A chain that holds our batches is no chain to begin anew on.
        Assert.Equal(["WRONG_STATE"], (await TellAsync(Party.Operator, "reanchorLedger", Guid.NewGuid(), "Try")).Codes);
        Assert.Empty((await TellAsync(Party.Operator, "resumeLane", Guid.NewGuid(), "It was moved")).Codes);
        await _host.Client.LedgerQuietAsync();
        Assert.Equal(
            ["resume It was moved", "reanchor Try", "pause The node is moved"],
            (await LaneAsync()).GetProperty("inspection").GetProperty("operations").EnumerateArray()
                .Select(operation => $"{operation.GetProperty("what").GetString()} {operation.GetProperty("reason").GetString()}"));
        await Invariants.LedgerAsync(_host.Postgres.ConnectionString, _host.Node.RpcUrl);
        Assert.Equal("FORBIDDEN", Assert.Single((await _host.Client.SendAsync(Party.Patient(patient), Inspect)).Codes.Distinct()));
    }

    private async Task<JsonElement> LaneAsync() => (await _host.Client.SendAsync(Party.Operator, Inspect)).Field[0];

    private Task<Answer> TellAsync(Party who, string what, Guid command, string reason) => _host.Client.SendAsync(
        who, $"mutation($c:ID!,$r:String!){{{what}(input:{{commandId:$c,lane:0,reason:$r}}){{lane{{state}} errors{{code message}}}}}}", new { c = command, r = reason });
}
