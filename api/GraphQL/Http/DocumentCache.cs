using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GraphQL.Types;
using GraphQLParser.AST;

namespace Hrms.Api.GraphQL.Http;

/// <summary>A parsed document that keeps to the limits.</summary>
/// <param name="Ast">Shared by all requests that sent this text; never changed.</param>
/// <param name="Introspects">Whether it asks for <c>__schema</c> or <c>__type</c> anywhere.</param>
/// <param name="Costs">What each of its operations costs whoever runs it.</param>
internal sealed record PreparedDocument(GraphQLDocument Ast, bool Introspects, IReadOnlyDictionary<GraphQLOperationDefinition, long> Costs)
{
    private readonly ConcurrentDictionary<GraphQLOperationDefinition, OperationPlan?> _plans = [];

    /// <summary>Whether it passed all validation rules once; from then on only rules about argument values run.</summary>
    public bool Validated { get; set; }

    /// <summary>What is still to be done for one of its operations; null when the library should walk through it each time.</summary>
    public OperationPlan? PlanOf(GraphQLOperationDefinition operation, ISchema schema) =>
        _plans.GetOrAdd(operation, static (operation, known) => OperationPlan.Of(known.Ast, operation, known.schema), (Ast, schema));
}

/// <summary>The SHA-256 digest of a document's text, the cache's key: no string is made of a document that is already known.</summary>
internal readonly record struct DocumentKey(ulong A, ulong B, ulong C, ulong D)
{
    public static DocumentKey Of(ReadOnlySpan<byte> utf8)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, digest);
        return MemoryMarshal.Read<DocumentKey>(digest);
    }
}

/// <summary>Documents that passed validation, bounded, least recently used first out.</summary>
/// <param name="entriesMax">Most documents kept.</param>
internal sealed class DocumentCache(int entriesMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DocumentKey, LinkedListNode<(DocumentKey Key, PreparedDocument Document)>> _byKey = [];
    private readonly LinkedList<(DocumentKey Key, PreparedDocument Document)> _byUse = new();

    /// <summary>How many documents are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _byKey.Count;
        }
    }

    public PreparedDocument? Find(DocumentKey key)
    {
        lock (_lock)
        {
            if (!_byKey.TryGetValue(key, out var node))
                return null;
            if (!ReferenceEquals(_byUse.First, node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }
            return node.Value.Document;
        }
    }

    public void Add(DocumentKey key, PreparedDocument document)
    {
        lock (_lock)
        {
            if (_byKey.ContainsKey(key))
                return;
            if (_byKey.Count >= entriesMax)
            {
                _byKey.Remove(_byUse.Last!.Value.Key);
                _byUse.RemoveLast();
            }
            _byKey[key] = _byUse.AddFirst((key, document));
        }
    }
}
