using Hrms.TestKit;

namespace Hrms.Embedded.Tests;

public sealed class EmbeddedEvmNodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EmbeddedEvmNodeTests() => EmbeddedPrograms.SkipWhenMissing();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CleanStopAndStart_KeepsBlocksReceiptsAndStorage()
    {
        string hash, genesis, blockHash;
        await using (var first = await StartAsync())
        {
            hash = await Rpc.DeployAsync(first.RpcUrl);
            genesis = await BlockHashAsync(first.RpcUrl, "0x0");
            blockHash = await BlockHashAsync(first.RpcUrl, "0x1");
        }
        await using var second = await StartAsync();
        Assert.Equal(1, await Rpc.NumberAsync(second.RpcUrl, "eth_blockNumber"));
        Assert.Equal(genesis, await BlockHashAsync(second.RpcUrl, "0x0"));
        Assert.Equal(blockHash, await BlockHashAsync(second.RpcUrl, "0x1"));
        var receipt = (await Rpc.ReceiptAsync(second.RpcUrl, hash))!;
        Assert.Equal("0x1", (string)receipt["status"]!);
        Assert.Equal(42, await Rpc.NumberAsync(second.RpcUrl, "eth_getStorageAt", (string)receipt["contractAddress"]!, "0x0", "latest"));
    }

    /// <summary>Whatever makes it grow, it does not take the whole machine.</summary>
    [Fact]
    public async Task ItsMemory_HasALimit()
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using var node = await StartAsync();
        var limit = File.ReadLines($"/proc/{node.ProcessId}/limits").Single(line => line.StartsWith("Max address space", StringComparison.Ordinal));
        Assert.DoesNotContain("unlimited", limit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_ComesBackOlderWithTheSameGenesis()
    {
        await using var node = await StartAsync();
        var genesis = await BlockHashAsync(node.RpcUrl, "0x0");
        var kept = await Rpc.DeployAsync(node.RpcUrl);
        await node.RestartAsync();
        var lost = await Rpc.DeployAsync(node.RpcUrl);
        await node.KillAsync();
        await node.RestartAsync();
        Assert.Equal(genesis, await BlockHashAsync(node.RpcUrl, "0x0"));
        Assert.NotNull(await Rpc.ReceiptAsync(node.RpcUrl, kept));
        Assert.Null(await Rpc.ReceiptAsync(node.RpcUrl, lost));
    }

    [Fact]
    public async Task ChainLostWhole_BeginsWithTheSameGenesis()
    {
        string genesis;
        await using (var first = await StartAsync())
        {
            genesis = await BlockHashAsync(first.RpcUrl, "0x0");
            await first.KillAsync();
        }
        await using var second = await StartAsync();
        Assert.Equal(genesis, await BlockHashAsync(second.RpcUrl, "0x0"));
    }

    [Fact]
    public async Task Chain_IsLondonWithFreeGasAndOurChainId()
    {
        await using var node = await StartAsync();
        Assert.Equal(EmbeddedEvmNodeOptions.DefaultChainId, await Rpc.NumberAsync(node.RpcUrl, "eth_chainId"));
        Assert.Equal(0, await Rpc.NumberAsync(node.RpcUrl, "eth_gasPrice"));
        Assert.Empty((await Rpc.CallAsync(node.RpcUrl, "eth_accounts"))!.AsArray());
        await Rpc.DeployAsync(node.RpcUrl);
        var block = (await Rpc.CallAsync(node.RpcUrl, "eth_getBlockByNumber", "latest", false))!;
        Assert.Equal("0x0", (string)block["baseFeePerGas"]!);
        Assert.Equal("0x1c9c380", (string)block["gasLimit"]!);
        Assert.Null(block["withdrawalsRoot"]);                  // Shanghai would have it
    }

    [Fact]
    public async Task BlockTime_IsTheRealOneAfterEveryStart()
    {
        await using var node = await StartAsync();
        for (var start = 0; start < 2; start++)
        {
            var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            await Rpc.CallAsync(node.RpcUrl, "evm_mine");
            var block = (await Rpc.CallAsync(node.RpcUrl, "eth_getBlockByNumber", "latest", false))!;
            Assert.InRange(Convert.ToInt64((string)block["timestamp"]!, 16), before - 2, before + 2);
            await node.RestartAsync();
        }
    }

    [Fact]
    public async Task Blocks_AreMinedOnlyWhenThereIsSomethingToMine()
    {
        await using var node = await StartAsync();
        await Rpc.DeployAsync(node.RpcUrl);
        await Rpc.DeployAsync(node.RpcUrl);
        Assert.Equal(2, await Rpc.NumberAsync(node.RpcUrl, "eth_blockNumber"));
    }

    [Fact]
    public async Task BlockTimeOption_MinesEmptyBlocks()
    {
        await using var node = await EmbeddedEvmNode.StartAsync(new() { Folder = _folder["ledger"], BlockTime = TimeSpan.FromSeconds(1) });
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await Rpc.NumberAsync(node.RpcUrl, "eth_blockNumber") == 0)
            await Task.Delay(100, limit.Token);
    }

    [Fact]
    public async Task SecondOwnerOfTheFolder_IsRefusedByName()
    {
        await using var first = await StartAsync();
        var refused = await Assert.ThrowsAsync<EmbeddedServiceException>(StartAsync);
        Assert.Contains(_folder["ledger"], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnreadableState_IsNamedInTheErrorAndKept()
    {
        Directory.CreateDirectory(_folder["ledger"]);
        var state = Path.Combine(_folder["ledger"], "state.json");
        await File.WriteAllTextAsync(state, "{\"block\":");
        var refused = await Assert.ThrowsAsync<EmbeddedServiceException>(StartAsync);
        Assert.Contains("state.json", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(state));
    }

    [Fact]
    public async Task Node_ListensOnLoopbackOnly()
    {
        await using var node = await StartAsync();
        Assert.Equal(["127.0.0.1"], ListeningAddresses.OfPort(node.Port));
    }

    private static async Task<string> BlockHashAsync(Uri node, string number) =>
        (string)(await Rpc.CallAsync(node, "eth_getBlockByNumber", number, false))!["hash"]!;

    private Task<EmbeddedEvmNode> StartAsync() => EmbeddedEvmNode.StartAsync(new() { Folder = _folder["ledger"] });
}
