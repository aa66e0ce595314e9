using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Tests.Support;

namespace Hrms.Ledger.Tests.Rpc;

/// <summary>Who seals the chain, as an operator reads it off the newest block.</summary>
[Trait("Feature", "108")]
public sealed class ValidatorsTests
{
    [Theory]
    [InlineData(Consensus.Qbft), InlineData(Consensus.Ibft2)]
    public async Task AConsortiumsBlock_NamesThem(Consensus consensus)
    {
        byte[][] four = [.. Enumerable.Range(1, 4).Select(number => Enumerable.Repeat((byte)number, 20).ToArray())];
        Assert.Equal(four, await OfAsync(ValidatorExtraData.Genesis(four).Encode(consensus, ExtraDataPart.Whole)));
    }

    [Fact]
    public async Task ADevelopmentNodesBlock_NamesNone()
    {
        Assert.Empty(await OfAsync([]));
        Assert.Empty(await OfAsync("a miner's greeting"u8.ToArray()));
    }

    private static async Task<IReadOnlyList<byte[]>> OfAsync(byte[] extraData)
    {
        await using var node = await ScriptedNode.StartAsync(id => (200, $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"number":"0x1","extraData":"{{{Hex.Of(extraData)}}}"}}"""));
        await using var it = new LedgerUnderTest([node.Url]);
        return await it.Events.ValidatorsAsync(TestContext.Current.CancellationToken);
    }
}
