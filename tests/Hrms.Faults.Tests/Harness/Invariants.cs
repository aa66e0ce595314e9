using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Hrms.Domain.Proofs;
using Npgsql;

namespace Hrms.Faults.Tests.Harness;

/// <summary>
/// What holds after every fault, once it is quiet again. I1: each acknowledged change is on the chain exactly once. I2: nothing is on the chain without a row.
/// I4: versions have no gap and their order is the chain's. I5: no nonce is used by two batches. I3 (a revocation holds at once), I6 (a line for each
/// decision), I7 (no plain text outside memory) and I8 (ready within its bound) need more than the rows: the tests that see callers hold them.
/// </summary>
internal static class Invariants
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(2);
    private static readonly string Committed = Hex.Of(Keccak256.Hash(Encoding.ASCII.GetBytes("Committed(uint32,uint64,bytes32)")));

    /// <summary>I1, I2, I4 and I5, from the journal's rows, the batches and the chain alone. Fails the test at the first that does not hold.</summary>
    /// <param name="lanes">How many lanes of the ledger the database has.</param>
    public static async Task<LedgerAudit> LedgerAsync(string postgres, Uri node, int lanes = 1)
    {
        var audit = await LedgerAudit.RunAsync(postgres, node, lanes);
        for (var lane = 0; lane < lanes; lane++)
            Assert.Equal(await BatchesAsync(postgres, lane), await EventsAsync(postgres, node, lane));
        return audit;
    }

    /// <summary>I8: ready again within two minutes.</summary>
    /// <param name="took">From the start of what was killed.</param>
    public static void Ready(TimeSpan took) => Assert.True(took < ReadyWithin, $"Ready after {took.TotalSeconds:0.0} s; the bound is {ReadyWithin.TotalSeconds:0} s.");

    private static async Task<List<(long Number, string Root)>> BatchesAsync(string postgres, int lane)
    {
        await using var database = NpgsqlDataSource.Create(postgres);
        await using var command = database.CreateCommand($"select number, root from ledger_batch where lane = {lane} order by number");
        await using var reader = await command.ExecuteReaderAsync();
        List<(long, string)> all = [];
        while (await reader.ReadAsync())
            all.Add((reader.GetInt64(0), Hex.Of(reader.GetFieldValue<byte[]>(1))));
        return all;
    }

    /// <summary>What the contract told of a lane: one event for each change of the chain, and none for a repeat.</summary>
    private static async Task<List<(long Number, string Root)>> EventsAsync(string postgres, Uri node, int lane)
    {
        await using var database = NpgsqlDataSource.Create(postgres);
        await using var command = database.CreateCommand("select contract_address from ledger_deployment order by epoch desc limit 1");
        var contract = Hex.Of((byte[])(await command.ExecuteScalarAsync())!);
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(
            node, new { jsonrpc = "2.0", id = 1, method = "eth_getLogs", @params = new[] { new { address = contract, fromBlock = "0x0", toBlock = "latest", topics = new[] { Committed, $"0x{lane:x64}" } } } });
        var logs = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("result");
        return [.. logs.EnumerateArray().Select(log => (
            long.Parse(log.GetProperty("topics")[2].GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture), log.GetProperty("data").GetString()!))];
    }
}
