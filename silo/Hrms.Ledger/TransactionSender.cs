using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Rpc;
using Microsoft.Extensions.Logging;

namespace Hrms.Ledger;

/// <summary>
/// Offers signed bytes to the nodes, the one that answered last first, until one takes them. When a node has them already, the others are offered
/// them too: a transaction can sit in one node's pool and never leave it.
/// </summary>
internal sealed partial class TransactionSender(NodePool nodes, ILogger<TransactionSender> logger)
{
    /// <summary>What to tell the writer when nodes differ: the earlier, the stronger.</summary>
    private static readonly SendHint[] Strength =
        [SendHint.Accepted, SendHint.AlreadyKnown, SendHint.NonceTooLow, SendHint.NonceTooHigh, SendHint.Refused, SendHint.Unknown, SendHint.TryLater];

    /// <param name="toAll">Also to the nodes after the first that takes them: what was sent before and is in no block may lie in a pool that nobody mines.</param>
    public async Task<SendHint> SendAsync(byte[] signedTransaction, CancellationToken cancellationToken, bool toAll = false)
    {
        var call = new RpcCall("eth_sendRawTransaction", Hex.Of(signedTransaction));
        var hash = Keccak256.Hash(signedTransaction);
        var strongest = SendHint.TryLater;
        foreach (var node in nodes.InOrder())
        {
            var hint = await OfferAsync(node, call, hash, cancellationToken);
            if (Array.IndexOf(Strength, hint) < Array.IndexOf(Strength, strongest))
                strongest = hint;
            if (hint == SendHint.Accepted)
            {
                nodes.Prefer(node);
                if (!toAll)
                    break;
            }
        }
        return strongest;
    }

    private async Task<SendHint> OfferAsync(RpcNode node, RpcCall call, byte[] hash, CancellationToken cancellationToken)
    {
        try
        {
            var answer = (await node.CallAsync([call], cancellationToken))[0];
            if (answer.Error is { } error)
                return Classified(node, error, hash);
            if (Quantity.Bytes(answer.Result).AsSpan().SequenceEqual(hash))
                return SendHint.Accepted;
            LogOtherHash(node.Name, Hex.Of(hash));
        }
        catch (FormatException)
        {
            LogOtherHash(node.Name, Hex.Of(hash));
        }
        catch (NodeFailureException failure)
        {
            LogFailure(Hex.Of(hash), failure.Message);
        }
        return SendHint.TryLater;       // the bytes may have arrived: the receipt tells
    }

    private SendHint Classified(RpcNode node, RpcError error, byte[] hash)
    {
        var hint = SendErrors.Classify(error);
        if (hint is null)
            LogUnknown(node.Name, Hex.Of(hash), error.Code, error.Message);
        else if (hint is SendHint.Refused)
            LogRefused(node.Name, Hex.Of(hash), error.Code, error.Message);
        return hint ?? SendHint.Unknown;
    }

    [LoggerMessage(1, LogLevel.Warning, "Node {Node} refused transaction {Hash} in words we don't know, so it is sent again: {Code} {Reason}")]
    private partial void LogUnknown(string node, string hash, int code, string reason);

    [LoggerMessage(2, LogLevel.Error, "Node {Node} will never take transaction {Hash}: {Code} {Reason}")]
    private partial void LogRefused(string node, string hash, int code, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Transaction {Hash} was offered without an answer: {Reason}")]
    private partial void LogFailure(string hash, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Node {Node} took transaction {Hash} but named another hash; its receipt will tell")]
    private partial void LogOtherHash(string node, string hash);
}
