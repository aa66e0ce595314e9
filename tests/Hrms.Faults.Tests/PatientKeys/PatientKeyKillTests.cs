using System.Net.Http.Json;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Npgsql;

namespace Hrms.Faults.Tests.PatientKeys;

/// <summary>The program dies while a patient's key is on its way to the ledger: nothing is lost, and each key is there once.</summary>
[Trait("Feature", "90")]
public sealed class PatientKeyKillTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output)
{
    [Fact]
    public async Task EachPoint_KilledThere_LosesNoKey_AndRegistersItOnce()
    {
        using var folder = new TemporaryFolder();
        await using var api = await ApiProcess.StartAsync(folder["data"], folder["log"], await ApiProcess.OnAsync(postgres, node, "keys"), killAt: Fault.OfPatientKeys[0]);
        List<(Guid Patient, object Command)> begun = [];
        foreach (var (index, point) in Fault.OfPatientKeys.Index())
        {
            try
            {
                var patient = await api.Client.PatientAsync();
                var (_, command) = await api.Client.NewKeyAsync(patient);
                begun.Add((patient, command));
                // The answer may come before the death, which is then the registrar's.
                await api.Client.RegisterKeyAsync(patient, command);
            }
            catch (Exception ended) when (ended is HttpRequestException or IOException)
            {
                // It passed the point while it made up for the death before, or in this very registration.
            }
            await api.EndedAsync();
            var next = index + 1 < Fault.OfPatientKeys.Count ? Fault.OfPatientKeys[index + 1] : null;
            // What the death left over may pass the next point while the program starts: then it dies there, and is started again.
            while (next is not null && !await api.TryStartAsync(next))
                output.WriteLine($"{next}: died while it started");
            if (next is null)
                await api.StartAsync();
            output.WriteLine($"{point}: passed");
        }

        Assert.NotEmpty(begun);
        List<string> pseudonyms = [];
        foreach (var (patient, command) in begun)
        {
            pseudonyms.Add((await api.Client.RegisterKeyAsync(patient, command)).Pseudonym);
            await api.Client.KeysOnLedgerAsync(patient);
        }
        await using var database = NpgsqlDataSource.Create(api.Postgres);
        Assert.Equal(pseudonyms.Order(), (await RegisteredAsync(database, api.Node)).Order());
    }

    /// <summary>What the contract told of, each time.</summary>
    private static async Task<IReadOnlyList<string>> RegisteredAsync(NpgsqlDataSource database, Uri node)
    {
        await using var command = database.CreateCommand("select contract from patient_key_register order by chain_epoch desc limit 1");
        var contract = Hex.Of((byte[])(await command.ExecuteScalarAsync())!);
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(
            node, new { jsonrpc = "2.0", id = 1, method = "eth_getLogs", @params = new[] { new { address = contract, fromBlock = "0x0", toBlock = "latest" } } });
        var logs = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("result");
        return [.. logs.EnumerateArray().Select(log => log.GetProperty("topics")[1].GetString()!)];
    }
}
