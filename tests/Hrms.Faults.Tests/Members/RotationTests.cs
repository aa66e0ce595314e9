using System.Security.Cryptography;
using Hrms.BesuKit;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Governance;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Wire;
using Npgsql;

namespace Hrms.Faults.Tests.Members;

/// <summary>A hospital replaces the key of its lane, by an operator's commands, while its patients go on.</summary>
[Trait("Feature", "86")]
public sealed class RotationTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    [Theory]
    [InlineData(0)]
    [InlineData(3_600)]
    public async Task ALaneThatGetsAnotherKey_GoesOnWithIt_AndNothingIsLostOrDoubled(int overlapSeconds)
    {
        await using var members = await TwoMembers.StartAsync(postgres, node);
        var before = await members.GrantAtAAsync();
        var old = members.A.FirstKey;
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["account"], Hex.Of(members.AccountOfA.Export()), TwoMembers.Cancellation);

        var account = (await KitAsync("lane-key", members.A.KeyFile, "0")).Split(' ')[^1].Trim();
        var patient = await members.A.Client.PatientAsync();
        await Task.WhenAll(GrantsAsync(members, patient, 10), KitAsync(
            "rotate", folder["account"], node.RpcUrl.ToString(), members.Consortium.Contracts.Consortium.ToString(), $"{members.A.Lane}", account, $"{overlapSeconds}"));
        await GrantsAsync(members, patient, 5);
        // An idle lane looks by itself each few minutes; an operator has it look at once.
        Assert.Empty((await members.A.Client.SendAsync(
            Party.Operator, "mutation($c:ID!){resumeLane(input:{commandId:$c,lane:0,reason:\"The lane has another key\"}){errors{code}}}", new { c = Guid.NewGuid() })).Codes);
        await TwoMembers.UntilAsync(() => KeysAsync(members), keys => keys.Ours == account && keys.Ledgers == account);
        await GrantsAsync(members, patient, 5);
        var after = await members.GrantAtAAsync();

        Assert.Equal(account, await SenderOfLastAsync(members.A.Postgres));
        Assert.Equal(await BatchesAsync(members.A.Postgres), await CommittedAsync(members, members.A.Lane));
        Assert.True((await members.AskBAsync(before.Proof)).Holds);
        Assert.True((await members.AskBAsync(after.Proof)).Holds);
        if (overlapSeconds > 0)
        {
            await AskAsync(members, "evm_increaseTime", overlapSeconds + 1);
            await AskAsync(members, "evm_mine");
        }
        Assert.Equal("LedgerNotWriter", await WhyRefusedAsync(members, old));
        var restarted = await RestartAsync(members);
        Assert.Equal(account, restarted.Ours);
    }

    [Fact]
    public async Task AKeyThatWrites_NeverAdministers()
    {
        await using var members = await TwoMembers.StartAsync(postgres, node);
        var writer = Hrms.Ledger.Signing.LaneKeyFile.Open(members.A.KeyFile).Lane(0);
        var next = new Hrms.Ledger.Signing.SigningKey(RandomNumberGenerator.GetBytes(32)).Address;

        await RefusedAsync("ConsortiumNotLaneOwner", () => members.Consortium.RotateAsync(writer, members.A.Lane, next, 0, TwoMembers.Cancellation));
        await RefusedAsync("ConsortiumNotMember", () => members.Consortium.AdmitAsync(writer, next, TwoMembers.Cancellation));
        var proposal = await members.Consortium.AdmitAsync(members.AccountOfA, writer.Address, TwoMembers.Cancellation);
        await RefusedAsync("ConsortiumAccountUnfit", () => members.Consortium.ApproveAsync(members.AccountOfB, proposal.Number, TwoMembers.Cancellation));
        await RefusedAsync("ConsortiumNotLaneOwner", () => members.Consortium.RotateAsync(members.AccountOfB, members.A.Lane, next, 0, TwoMembers.Cancellation));
    }

    private static async Task RefusedAsync(string error, Func<Task> act) =>
        Assert.Contains(error, (await Assert.ThrowsAsync<ConsortiumRefusedException>(act)).Message, StringComparison.Ordinal);

    private static async Task<string> KitAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Assert.True(await Governance.RunAsync(arguments, output, errors, TwoMembers.Cancellation) == 0, errors.ToString());
        return output.ToString();
    }

    private static async Task GrantsAsync(TwoMembers members, Guid patient, int count)
    {
        for (var i = 0; i < count; i++)
            Assert.True(await new Change(ChangeKind.Grant, patient).SendAsync(members.A.Client));
    }

    private static async Task<(string? Ours, string? Ledgers)> KeysAsync(TwoMembers members)
    {
        var inspection = (await members.A.Client.SendAsync(Party.Operator, "{ledger{ledgerLane inspection{key ledgerKey previousKey previousKeyUntil}}}")).Field[0].GetProperty("inspection");
        return (inspection.GetProperty("key").GetString(), inspection.GetProperty("ledgerKey").GetString());
    }

    private static async Task<(string? Ours, string? Ledgers)> RestartAsync(TwoMembers members)
    {
        await members.A.StopAsync();
        await members.A.StartAsync();
        await members.GrantAtAAsync();
        return await KeysAsync(members);
    }

    private static async Task<string> WhyRefusedAsync(TwoMembers members, Address account)
    {
        var call = HealthLedgerCalls.Commit(members.A.Lane, 1_000_000, new byte[32], []);
        var refusal = await Assert.ThrowsAsync<RpcErrorException>(() =>
            new HealthLedgerView(members.Nodes).TryAsync(members.Consortium.Contracts.Ledger, account, 1_000_000, call, TwoMembers.Cancellation));
        return ContractErrors.NameOf(refusal.Error.Data)!;
    }

    private static Task AskAsync(TwoMembers members, string method, params object[] parameters) =>
        members.Nodes.AskAsync(new RpcCall(method, parameters), result => result, TwoMembers.Cancellation);

    private static Task<List<(long Number, string Root)>> BatchesAsync(string postgres) =>
        ReadAsync(postgres, "select number, root from ledger_batch order by number", row => (row.GetInt64(0), Hex.Of(row.GetFieldValue<byte[]>(1))));

    private static async Task<string> SenderOfLastAsync(string postgres) =>
        (await ReadAsync(postgres, "select signed_transaction, (select chain_id from ledger_deployment limit 1)::bigint from ledger_batch_now order by number desc limit 1",
            row => Hrms.Ledger.Signing.LegacyTransaction.SenderOf(row.GetFieldValue<byte[]>(0), (ulong)row.GetInt64(1)).ToString())).Single();

    /// <summary>What the contract told of the lane, in the order of the chain: one event for each batch, whoever signed it and however often.</summary>
    private static async Task<List<(long Number, string Root)>> CommittedAsync(TwoMembers members, int lane) => await members.Nodes.AskAsync(
        new RpcCall("eth_getLogs", new
        {
            address = members.Consortium.Contracts.Ledger.ToString(), fromBlock = "0x0", toBlock = "latest",
            topics = new[] { Hex.Of(Keccak256.Hash("Committed(uint32,uint64,bytes32)"u8)), Hex.Of(AbiCall.Word((ulong)lane)) },
        }),
        logs => logs.EnumerateArray().Select(log => (
            Convert.ToInt64(log.GetProperty("topics")[2].GetString()![^16..], 16), log.GetProperty("data").GetString()!)).ToList(),
        TwoMembers.Cancellation);

    private static async Task<List<T>> ReadAsync<T>(string postgres, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var database = NpgsqlDataSource.Create(postgres);
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TwoMembers.Cancellation);
        List<T> rows = [];
        while (await reader.ReadAsync(TwoMembers.Cancellation))
            rows.Add(read(reader));
        return rows;
    }
}
