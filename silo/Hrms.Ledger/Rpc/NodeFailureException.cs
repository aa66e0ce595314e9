namespace Hrms.Ledger.Rpc;

/// <summary>
/// A node did not give a usable answer: no connection, too slow, an HTTP error, or something that is not the JSON-RPC answer to our call.
/// Says nothing about the chain; the next node is asked.
/// </summary>
public sealed class NodeFailureException(string message, Exception? inner = null) : Exception(message, inner);
