using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using Hrms.Domain.Ports;
using Hrms.Faults.Tests.Lanes;
using Hrms.Ledger.Signing;

namespace Hrms.Faults.Tests;

/// <summary>All named points of the writer and the journal × {killed there, an exception there, a delay there}: what holds afterwards is the same each time.</summary>
public sealed class FaultPointTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output) : IClassFixture<EvmNodeFixture>
{
    [Theory]
    [InlineData("exception")]
    [InlineData("delay")]
    [Trait("Fault", "F02")]
    [Trait("Fault", "F03")]
    [Trait("Fault", "F04")]
    public async Task EachPoint_InTheProcess(string how)
    {
        await using var it = await LaneBench.StartAsync(postgres, node);
        var reached = new ConcurrentDictionary<string, int>();
        foreach (var named in Fault.All)
        {
            var left = 1;
            Fault.Handle(async point =>
            {
                reached.AddOrUpdate(point, 1, (_, count) => count + 1);
                if (point != named || Interlocked.Decrement(ref left) < 0)
                    return;
                if (how == "exception")
                    throw new IOException($"planned at {point}");
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            });
            try
            {
                await PassAllAsync(it);
            }
            finally
            {
                Fault.Handle(null);
            }
            Assert.True(left <= 0, $"Nothing passed {named}.");
        }
        await it.HoldsAsync();
        Assert.Equal(Fault.All.Order(), reached.Keys.Order());
    }

    /// <summary>A change, a lost nonce, a lost block: every step that the writer has.</summary>
    private static async Task PassAllAsync(LaneBench it)
    {
        it.NewPump();
        await it.ChangeAsync(revoke: true);
        await it.QuietAsync();
        await it.UseNonceAsync(await it.MinedAsync());
        await it.ChangeAsync();
        await it.QuietAsync();
        await it.RpcAsync("anvil_reorg", 1, Array.Empty<object>());
        it.NewPump();
        await it.QuietAsync();
    }

    /// <summary>
    /// The program itself, started with one point after the other to die at: each start recovers from the death before. Callers repeat what they have no
    /// answer to, with its id.
    /// </summary>
    [Fact]
    [Trait("Feature", "89")]
    [Trait("Fault", "F01")]
    [Trait("Fault", "F02")]
    [Trait("Fault", "F03")]
    [Trait("Fault", "F04")]
    [Trait("Fault", "F05")]
    public async Task EachPoint_KilledThere()
    {
        using var folder = new TemporaryFolder();
        await using var api = await ApiProcess.StartAsync(
            folder["data"], folder["log"], await ApiProcess.OnAsync(postgres, node, "points"), killAt: Fault.AfterReissue);
        var patient = await api.Client.PatientAsync();
        List<Change> changes = [];
        await ReachAsync(Fault.AfterReissue);
        // Once the chain comes back older than the database, so that it has to be healed; apart from that the program alone dies, each time by itself.
        await node.Node.KillAsync();
        await node.Node.RestartAsync(LaneBench.Cancellation);
        foreach (var point in (string[])[Fault.BeforeHeal, .. Fault.All.Except([Fault.BeforeHeal, Fault.AfterReissue])])
        {
            var isReady = await api.TryStartAsync(point);
            Invariants.Ready(api.StartTook);
            if (isReady)
                await ReachAsync(point);
            output.WriteLine($"{point}: ended {(isReady ? "at a change" : "while it started")}");
        }
        await api.StartAsync();
        foreach (var change in changes.Where(change => !change.IsAcknowledged))
            Assert.True(await change.SendAsync(api.Client), string.Join(", ", change.Faults));
        await api.Client.LedgerQuietAsync();
        var effects = await Effects.OfAsync(api.Client, patient);
        Assert.Empty(effects.Problems);
        Assert.All(changes, change => Assert.Equal(1, effects.Count(change)));
        // What was just read is in the access history, and so on its way to the chain.
        await api.Client.LedgerQuietAsync();
        var audit = await Invariants.LedgerAsync(api.Postgres, api.Node);
        output.WriteLine($"{audit.Rows} events in {audit.Batches} batches");

        async Task ReachAsync(string point)
        {
            try
            {
                foreach (var change in changes.Where(change => !change.IsAcknowledged))
                    await change.SendAsync(api.Client);
                await api.Client.LedgerQuietAsync();
                if (point is Fault.BeforeReissue or Fault.AfterReissue)
                    await BurnNonceAsync(api.Node, folder["data"]);
                changes.Add(new Change(ChangeKind.Grant, patient));
                await changes[^1].SendAsync(api.Client);
            }
            catch (Exception ended) when (ended is HttpRequestException or IOException)
            {
                // It passed the point while it made up for the death before.
            }
            await api.EndedAsync();
        }
    }

    /// <summary>The lane's key used a nonce that the writer does not know of.</summary>
    private static async Task BurnNonceAsync(Uri node, string dataFolder)
    {
        var keys = Directory.EnumerateFiles(dataFolder, "lanes.json", SearchOption.AllDirectories).Single();
        var account = LaneKeyFile.Open(keys).Lane(0).Address.ToString();
        using var http = new HttpClient();
        var used = (await CallAsync("eth_getTransactionCount", account, "latest")).GetString()!;
        await CallAsync("anvil_setNonce", account, $"0x{ulong.Parse(used.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) + 1:x}");

        async Task<JsonElement> CallAsync(string method, params object[] parameters)
        {
            using var answer = await http.PostAsJsonAsync(node, new { jsonrpc = "2.0", id = 1, method, @params = parameters });
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("result");
        }
    }
}
