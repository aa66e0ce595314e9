using System.Text.Json;

namespace Hrms.Ledger.Rpc;

/// <summary>One call: a method of the Ethereum JSON-RPC interface and its parameters, which are strings, booleans or plain objects.</summary>
public sealed record RpcCall(string Method, params object[] Parameters);

/// <summary>A node's answer to one call: a result (which may be JSON null) or the node's refusal.</summary>
public sealed record RpcAnswer(JsonElement Result, RpcError? Error);
