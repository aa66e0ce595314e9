using System.Net.Http.Json;
using Hrms.Domain.Ports;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;

namespace Hrms.Ledger.Tests;

/// <summary>A member that comes back after long reads what it missed, also from a node that does not tell so much at once.</summary>
public sealed class FollowedRangeTests
{
    private const int Blocks = 1_024;

    [Fact]
    public async Task ANodeThatDoesNotTellSoManyBlocksAtOnce_IsAskedForFewer_UntilAllIsRead()
    {
        // A chain of its own: so many blocks carry its clock far ahead.
        await using var real = new EvmNodeFixture();
        await real.InitializeAsync();
        await using var node = await MisbehavingNode.StartAsync(real.RpcUrl);
        await using var it = new LedgerUnderTest([node.Url]);
        var identity = await it.Ledger.IdentifyAsync(LedgerUnderTest.Cancellation);
        await it.CommitAsync(identity, 0, 1, LedgerUnderTest.Root(1));
        using var http = new HttpClient();
        (await http.PostAsJsonAsync(real.RpcUrl, new { jsonrpc = "2.0", id = 1, method = "anvil_mine", @params = new[] { $"0x{Blocks:x}" } }, LedgerUnderTest.Cancellation)).EnsureSuccessStatusCode();

        const int Refusals = 3;
        node.Next("eth_getLogs", Misbehaviour.Error(-32005, "query returned more than 10000 results"), Refusals);
        for (var refusal = 0; refusal < Refusals; refusal++)
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => it.Events.ReadAsync(identity, null, LedgerUnderTest.Cancellation));

        var pages = new List<FollowPage>();
        do
            pages.Add(await it.Events.ReadAsync(identity, pages.LastOrDefault()?.Through, LedgerUnderTest.Cancellation));
        while (!pages[^1].IsHead);

        Assert.InRange(pages[0].Through!.Number, 1, Blocks / 2);
        Assert.InRange(pages.Count, 2, 4);
        Assert.True(pages[^1].Through!.Number >= Blocks);
        Assert.Equal(1, Assert.IsType<BatchAnchored>(Assert.Single(pages.SelectMany(page => page.Events))).Number);
    }
}
