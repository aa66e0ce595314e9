namespace Hrms.TestKit;

/// <summary>A node's refusal of a transaction: its JSON-RPC code and words.</summary>
public sealed record SendRefusal(string Client, int Code, string Words)
{
    public Misbehaviour Said => Misbehaviour.Error(Code, Words);

    public override string ToString() => $"{Client}: {Code} {Words}";
}

/// <summary>
/// How the clients word their refusals of a transaction. Sources: go-ethereum core/error.go and core/txpool/errors.go; Besu RpcErrorType; Foundry's anvil
/// error types. What a writer concludes from each is in the ledger's table of send errors.
/// </summary>
public static class SendRefusals
{
    public static IReadOnlyList<SendRefusal> Known { get; } =
    [
        new("geth", -32000, "already known"),
        new("geth", -32000, "nonce too low: next nonce 5, tx nonce 3"),
        new("geth", -32000, "nonce too high: address 0x00, tx: 9 state: 3"),
        new("geth", -32000, "replacement transaction underpriced"),
        new("geth", -32000, "transaction underpriced"),
        new("geth", -32000, "txpool is full"),
        new("geth", -32000, "intrinsic gas too low"),
        new("geth", -32000, "exceeds block gas limit"),
        new("geth", -32000, "insufficient funds for gas * price + value"),
        new("geth", -32000, "invalid sender"),
        new("geth", -32000, "max initcode size exceeded"),
        new("geth", -32000, "oversized data"),
        new("Besu", -32000, "Known transaction"),
        new("Besu", -32001, "Nonce too low"),
        new("Besu", -32002, "Invalid signature"),
        new("Besu", -32003, "Intrinsic gas exceeds gas limit"),
        new("Besu", -32004, "Upfront cost exceeds account balance"),
        new("Besu", -32005, "Transaction gas limit exceeds block gas limit"),
        new("Besu", -32006, "Nonce too high"),
        new("Besu", -32007, "Sender account not authorized to send transactions"),
        new("Besu", -32008, "Initial sync is still in progress"),
        new("Besu", -32009, "Gas price below configured minimum gas price"),
        new("Besu", -32000, "Wrong chainId"),
        new("Besu", -32000, "Replacement transaction underpriced"),
        new("Besu", -32000, "Transaction nonce is too distant from current sender nonce"),
        new("Besu", -32000, "An invalid transaction with a lower nonce exists"),
        new("anvil", -32003, "transaction already imported"),
        new("anvil", -32003, "nonce too low"),
        new("anvil", -32003, "replacement transaction underpriced"),
        new("anvil", -32003, "Insufficient funds for gas * price + value"),
    ];

    /// <summary>Words that no table has.</summary>
    public static IReadOnlyList<SendRefusal> Unknown { get; } =
    [
        new("Besu", -32603, "Internal error"), new("Besu", -32000, "Plugin has marked the transaction as invalid"), new("a client of tomorrow", -12345, "not on a Sunday"),
    ];
}
