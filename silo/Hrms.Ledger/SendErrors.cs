using Hrms.Domain.Ports;
using Hrms.Ledger.Rpc;

namespace Hrms.Ledger;

/// <summary>
/// What a node's refusal of a transaction means, by text first (all nodes share the code -32000) and by Besu's codes. The list of final refusals is
/// closed; whatever is unknown is tried again, with a warning in the log and an alarm at the lane. Wordings: Besu's RpcErrorType, geth's core and txpool errors, anvil's.
/// </summary>
internal static class SendErrors
{
    private static readonly (string Text, SendHint Hint)[] Texts =
    [
        ("already known", SendHint.AlreadyKnown),                                           // geth
        ("known transaction", SendHint.AlreadyKnown),                                       // Besu
        ("already imported", SendHint.AlreadyKnown),                                        // anvil
        ("nonce too low", SendHint.NonceTooLow),
        ("nonce below current nonce", SendHint.NonceTooLow),
        ("nonce too high", SendHint.NonceTooHigh),
        ("nonce is too distant", SendHint.NonceTooHigh),
        ("nonce is too high", SendHint.NonceTooHigh),
        ("transaction with a lower nonce exists", SendHint.TryLater),                       // Besu's pool, until that one is mined or dropped
        ("underpriced", SendHint.TryLater),                                                 // another transaction holds the nonce: its receipt tells
        ("txpool is full", SendHint.TryLater),
        ("transaction pool", SendHint.TryLater),
        ("syncing", SendHint.TryLater),
        ("sync is in progress", SendHint.TryLater),
        ("invalid signature", SendHint.Refused),
        ("invalid sender", SendHint.Refused),
        ("invalid chain id", SendHint.Refused),
        ("wrong chain", SendHint.Refused),
        ("intrinsic gas", SendHint.Refused),
        ("exceeds block gas limit", SendHint.Refused),
        ("gas limit too high", SendHint.Refused),
        ("gas required exceeds", SendHint.Refused),
        ("max initcode size", SendHint.Refused),
        ("oversized data", SendHint.Refused),
        ("insufficient funds", SendHint.Refused),
        ("upfront cost exceeds", SendHint.Refused),
        ("not authorized", SendHint.Refused),
        ("rlp:", SendHint.Refused),
    ];

    private static readonly Dictionary<int, SendHint> Codes = new()
    {
        [-32001] = SendHint.NonceTooLow,
        [-32002] = SendHint.Refused,            // invalid signature
        [-32003] = SendHint.Refused,            // gas limit below what the transaction needs at least
        [-32004] = SendHint.Refused,            // upfront cost exceeds balance
        [-32006] = SendHint.NonceTooHigh,
        [-32007] = SendHint.Refused,            // sender not permitted
        [-32008] = SendHint.TryLater,           // still syncing
        [-32009] = SendHint.Refused,            // gas price below the minimum
    };

    /// <summary>Null when the refusal is unknown: try again, warn and alarm.</summary>
    public static SendHint? Classify(RpcError error)
    {
        foreach (var (text, hint) in Texts)
            if (error.Message.Contains(text, StringComparison.OrdinalIgnoreCase))
                return hint;
        return Codes.TryGetValue(error.Code, out var byCode) ? byCode : null;
    }

    /// <summary>A refusal that tells of the node's state, not of the call: another node may well answer.</summary>
    public static bool IsOfTheNode(RpcError error) => error.Code is -32603 or -32005 or -32008 || Classify(error) == SendHint.TryLater;
}
