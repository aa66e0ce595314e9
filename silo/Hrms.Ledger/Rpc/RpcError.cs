namespace Hrms.Ledger.Rpc;

/// <summary>A node's own refusal of a call (JSON-RPC 2.0, section 5.1).</summary>
/// <param name="Data">Revert data as the node wrote it, or null.</param>
public sealed record RpcError(int Code, string Message, string? Data = null)
{
    public override string ToString() => $"{Code} {Message}";
}

/// <summary>A node refused a call that should have an answer.</summary>
public sealed class RpcErrorException(string method, string node, RpcError error) : Exception($"{method} at {node} was refused: {error}")
{
    public RpcError Error => error;
}
