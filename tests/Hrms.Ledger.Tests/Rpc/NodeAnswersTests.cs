using Hrms.Domain.Ports;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Tests.Support;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Rpc;

/// <summary>Nothing but an answer is taken for an answer; the next node is asked; and each refusal means what its node meant.</summary>
public sealed class NodeAnswersTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    public static TheoryData<string, int, string?> NoAnswers() => new()
    {
        { "html", 200, "<html><body>Sign in to the network</body></html>" },
        { "truncated", 200, """{"jsonrpc":"2.0","id":ID,"result":"0x""" },
        { "empty", 200, "" },
        { "another id", 200, """{"jsonrpc":"2.0","id":999999,"result":"0x1"}""" },
        { "an id of text", 200, """{"jsonrpc":"2.0","id":"ID","result":"0x1"}""" },
        { "no id", 200, """{"jsonrpc":"2.0","result":"0x1"}""" },
        { "neither result nor error", 200, """{"jsonrpc":"2.0","id":ID}""" },
        { "both", 200, """{"jsonrpc":"2.0","id":ID,"result":"0x1","error":{"code":-32000,"message":"known transaction"}}""" },
        { "a number", 200, """{"jsonrpc":"2.0","id":ID,"result":17}""" },
        { "no quantity", 200, """{"jsonrpc":"2.0","id":ID,"result":"0x"}""" },
        { "too large", 200, """{"jsonrpc":"2.0","id":ID,"result":"0x10000000000000000"}""" },
        { "null", 200, """{"jsonrpc":"2.0","id":ID,"result":null}""" },
        { "an array", 200, """[{"jsonrpc":"2.0","id":ID,"result":"0x1"}]""" },
        { "429", 429, """{"jsonrpc":"2.0","id":ID,"result":"0x1"}""" },
        { "500", 500, "" },
        { "a redirect", 302, """{"jsonrpc":"2.0","id":ID,"result":"0x1"}""" },
        { "none in time", 200, null },
        { "syncing", 200, """{"jsonrpc":"2.0","id":ID,"error":{"code":-32008,"message":"Initial sync is still in progress"}}""" },
    };

    [Theory, MemberData(nameof(NoAnswers))]
    [Trait("Fault", "F09")]
    public async Task WhatIsNoAnswer_IsNone_AndTheNextNodeIsAsked(string what, int status, string? body)
    {
        await using var bad = await ScriptedNode.StartAsync(id => (status, body?.Replace("ID", id)));
        await using var alone = new LedgerUnderTest([bad.Url], options => options.CallTimeout = TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => alone.Ledger.NonceAsync(0, Cancellation));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => alone.Ledger.IdentifyAsync(Cancellation));
        if (what is not "null")         // a receipt that is not there yet is an answer
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => alone.Ledger.ReceiptAsync(Root(1), Cancellation));
        Assert.NotEqual(SendHint.Accepted, await alone.Ledger.SendAsync([1, 2, 3], Cancellation));

        await using var both = new LedgerUnderTest([bad.Url, .. node.RpcUrls], options => options.CallTimeout = TimeSpan.FromSeconds(body is null ? 5 : 30));
        var identity = await both.Ledger.IdentifyAsync(Cancellation);
        Assert.True((await both.CommitAsync(identity, 0, 1, Root(1))).Receipt.Succeeded);
    }

    [Theory]
    [InlineData(-32000, "already known", SendHint.AlreadyKnown)]                                                    // geth
    [InlineData(-32000, "Known transaction", SendHint.AlreadyKnown)]                                                // Besu
    [InlineData(-32003, "transaction already imported", SendHint.AlreadyKnown)]                                     // anvil
    [InlineData(-32000, "nonce too low: next nonce 5, tx nonce 3", SendHint.NonceTooLow)]                           // geth
    [InlineData(-32001, "Nonce too low", SendHint.NonceTooLow)]                                                     // Besu
    [InlineData(-32003, "nonce too low", SendHint.NonceTooLow)]                                                     // anvil
    [InlineData(-32001, "", SendHint.NonceTooLow)]
    [InlineData(-32006, "Nonce too high", SendHint.NonceTooHigh)]
    [InlineData(-32000, "Transaction nonce is too distant from current sender nonce", SendHint.NonceTooHigh)]
    [InlineData(-32003, "Transaction gas limit exceeds block gas limit", SendHint.Refused)]
    [InlineData(-32004, "Upfront cost exceeds account balance", SendHint.Refused)]
    [InlineData(-32007, "Sender account not authorized to send transactions", SendHint.Refused)]
    [InlineData(-32009, "Gas price below configured minimum gas price", SendHint.Refused)]
    [InlineData(-32000, "invalid sender", SendHint.Refused)]
    [InlineData(-32000, "intrinsic gas too low", SendHint.Refused)]
    [InlineData(-32000, "insufficient funds for gas * price + value", SendHint.Refused)]
    [InlineData(-32008, "Initial sync is still in progress", SendHint.TryLater)]
    [InlineData(-32000, "txpool is full", SendHint.TryLater)]
    [InlineData(-32000, "An invalid transaction with a lower nonce exists", SendHint.TryLater)]
    [InlineData(-32000, "replacement transaction underpriced", SendHint.TryLater)]
    [InlineData(-32000, "ALREADY KNOWN", SendHint.AlreadyKnown)]
    [InlineData(-32000, "known Transaction", SendHint.AlreadyKnown)]
    [InlineData(-32002, "", SendHint.Refused)]
    [InlineData(-32003, "", SendHint.Refused)]
    [InlineData(-32004, "", SendHint.Refused)]
    [InlineData(-32005, "Transaction gas limit exceeds block gas limit", SendHint.Refused)]
    [InlineData(-32006, "", SendHint.NonceTooHigh)]
    [InlineData(-32007, "", SendHint.Refused)]
    [InlineData(-32008, "", SendHint.TryLater)]
    [InlineData(-32009, "", SendHint.Refused)]
    [InlineData(-32000, "", SendHint.Unknown)]
    [InlineData(-32603, "Internal error", SendHint.Unknown)]
    [InlineData(-12345, "something nobody has seen", SendHint.Unknown)]
    public async Task ARefusal_MeansWhatItsNodeMeant(int code, string message, SendHint hint)
    {
        var error = $$$"""{"jsonrpc":"2.0","id":ID,"error":{"code":{{{code}}},"message":"{{{message}}}"}}""";
        await using var scripted = await ScriptedNode.StartAsync(id => (200, error.Replace("ID", id)));
        await using var it = new LedgerUnderTest([scripted.Url]);
        Assert.Equal(hint, await it.Ledger.SendAsync([1, 2, 3], Cancellation));
    }

    [Fact]
    public void TheWordsOfEachClient_AreKnown_HoweverTheyAreWritten()
    {
        foreach (var refusal in SendRefusals.Known)
        {
            var meant = SendErrors.Classify(new RpcError(refusal.Code, refusal.Words));
            Assert.True(meant is not null and not SendHint.Accepted and not SendHint.Unknown, $"{refusal}");
            Assert.Equal(meant, SendErrors.Classify(new RpcError(refusal.Code, refusal.Words.ToUpperInvariant())));
            Assert.Equal(meant, SendErrors.Classify(new RpcError(refusal.Code, refusal.Words.ToLowerInvariant())));
        }
        Assert.All(SendRefusals.Unknown, refusal => Assert.Null(SendErrors.Classify(new RpcError(refusal.Code, refusal.Words))));
    }

    [Fact]
    public async Task ATransactionThatOneNodeSitsOn_IsOfferedToTheNext()
    {
        await using var sitting = await ScriptedNode.StartAsync(id => (200, """{"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"already known"}}""".Replace("ID", id)));
        await using var owner = new LedgerUnderTest(node.RpcUrls);
        var identity = await owner.Ledger.IdentifyAsync(Cancellation);
        var signed = owner.Ledger.SignCommit(identity, 0, 1, Root(1), [], 0);
        await using var it = new LedgerUnderTest([sitting.Url, .. node.RpcUrls]);
        Assert.Equal(SendHint.Accepted, await it.Ledger.SendAsync(signed.Transaction, Cancellation));
        Assert.True((await owner.ReceiptAsync(signed.Hash)).Succeeded);
    }

    [Fact]
    public async Task AnAcceptanceUnderAnotherHash_IsNoAcceptance()
    {
        await using var lying = await ScriptedNode.StartAsync(id => (200, $$"""{"jsonrpc":"2.0","id":{{id}},"result":"0x{{new string('0', 64)}}"}"""));
        await using var it = new LedgerUnderTest([lying.Url]);
        Assert.Equal(SendHint.TryLater, await it.Ledger.SendAsync([1, 2, 3], Cancellation));
    }
}
