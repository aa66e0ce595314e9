using System.Text.Json;
using Hrms.Domain.Ports;

namespace Hrms.Ledger.Rpc;

/// <summary>
/// Several nodes of one chain, of which none is needed in particular. A call goes to the node that answered last; when it fails, to the next.
/// </summary>
public sealed class NodePool : IDisposable
{
    private readonly HttpClient _http;
    private int _preferred;

    /// <param name="tokenFile">A file with the bearer token that each call carries; null: none.</param>
    public NodePool(IReadOnlyList<Uri> urls, TimeSpan callTimeout, string? tokenFile = null)
    {
        if (urls.Count == 0)
            throw new ArgumentException("At least one node's address is needed.", nameof(urls));
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),     // notices a changed DNS entry
            UseProxy = !urls.All(url => url.IsLoopback),
            AllowAutoRedirect = false,                              // a node does not redirect; a captive portal does
        };
        _http = new HttpClient(tokenFile is null ? handler : new NodeToken(tokenFile) { InnerHandler = handler }) { Timeout = Timeout.InfiniteTimeSpan };  // each call has its own
        Nodes = [.. urls.Select(url => new RpcNode(url, _http, callTimeout))];
    }

    public IReadOnlyList<RpcNode> Nodes { get; }

    /// <summary>The nodes, the one that answered last first.</summary>
    public IEnumerable<RpcNode> InOrder()
    {
        var first = Volatile.Read(ref _preferred);
        return Enumerable.Range(0, Nodes.Count).Select(i => Nodes[(first + i) % Nodes.Count]);
    }

    /// <summary>Asks one node after the other until one answers; <paramref name="read"/> may refuse an answer as misshapen and so move on.</summary>
    /// <exception cref="LedgerUnavailableException">No node gave a usable answer.</exception>
    /// <exception cref="RpcErrorException">A node answered with a refusal.</exception>
    public async Task<T> AskAsync<T>(IReadOnlyList<RpcCall> calls, Func<IReadOnlyList<JsonElement>, T> read, CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        foreach (var node in InOrder())
        {
            try
            {
                var result = read(Results(node, calls, await node.CallAsync(calls, cancellationToken)));
                Prefer(node);
                return result;
            }
            catch (NodeFailureException failure)
            {
                failures.Add(failure);
            }
            catch (FormatException misshapen)
            {
                failures.Add(new NodeFailureException($"{node.Name} answered {calls[0].Method} with something else: {misshapen.Message}", misshapen));
            }
            catch (RpcErrorException refusal) when (SendErrors.IsOfTheNode(refusal.Error))
            {
                failures.Add(refusal);
            }
        }
        throw Unavailable(failures);
    }

    public Task<T> AskAsync<T>(RpcCall call, Func<JsonElement, T> read, CancellationToken cancellationToken) =>
        AskAsync([call], results => read(results[0]), cancellationToken);

    public void Prefer(RpcNode node)
    {
        for (var i = 0; i < Nodes.Count; i++)
            if (ReferenceEquals(Nodes[i], node))
                Volatile.Write(ref _preferred, i);
    }

    public static LedgerUnavailableException Unavailable(IReadOnlyList<Exception> failures) => new(
        "No ledger node gave a usable answer. " + string.Join("; ", failures.Select(failure => failure.Message)), failures.LastOrDefault());

    public void Dispose() => _http.Dispose();

    private static JsonElement[] Results(RpcNode node, IReadOnlyList<RpcCall> calls, IReadOnlyList<RpcAnswer> answers)
    {
        for (var i = 0; i < answers.Count; i++)
            if (answers[i].Error is { } error)
                throw new RpcErrorException(calls[i].Method, node.Name, error);
        return [.. answers.Select(answer => answer.Result)];
    }
}
