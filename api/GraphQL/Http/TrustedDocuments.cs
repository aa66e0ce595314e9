using System.Security.Cryptography;
using System.Text;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// Documents that were registered in advance, so that a client sends an id instead of a text. A document's id is either the name it
/// was registered under or <c>sha256:</c> and the lower-case hex digest of its text (GraphQL over HTTP, appendix "Persisted Documents").
/// </summary>
public sealed class TrustedDocuments
{
    private readonly Dictionary<string, byte[]> _byId = new(StringComparer.Ordinal);

    private TrustedDocuments(IEnumerable<KeyValuePair<string, string>> documents)
    {
        foreach (var (name, text) in documents)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            _byId[name] = utf8;
            _byId["sha256:" + Convert.ToHexStringLower(SHA256.HashData(utf8))] = utf8;
        }
    }

    /// <summary>No trusted documents.</summary>
    public static TrustedDocuments None { get; } = new([]);

    /// <summary>Documents by name, as a build step of a client leaves them.</summary>
    public static TrustedDocuments From(IEnumerable<KeyValuePair<string, string>> documentsByName) => new(documentsByName);

    /// <summary>Every <c>*.graphql</c> file of a folder, named by its file name without extension. Read once, at start.</summary>
    public static TrustedDocuments FromFolder(string folder) =>
        new(Directory.EnumerateFiles(folder, "*.graphql").Select(file =>
            KeyValuePair.Create(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file))));

    /// <summary>How many there are, and a hash of all: another one when any of them changed.</summary>
    internal string Digest => $"{_byId.Keys.Count(id => !id.StartsWith("sha256:", StringComparison.Ordinal))} documents, "
        + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', _byId.Keys.Order(StringComparer.Ordinal)))))[..16];

    internal bool TryFind(string id, out ReadOnlyMemory<byte> utf8)
    {
        var found = _byId.TryGetValue(id, out var bytes);
        utf8 = bytes;
        return found;
    }

    internal bool Contains(ReadOnlySpan<byte> utf8) =>
        _byId.ContainsKey("sha256:" + Convert.ToHexStringLower(SHA256.HashData(utf8)));
}
