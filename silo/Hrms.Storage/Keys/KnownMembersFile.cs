using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Domain.Ports;

namespace Hrms.Storage.Keys;

/// <summary>
/// The public keys of other members in a file that the operator keeps: the JWK sets that they publish, merged into one. Read anew when it changes; without a file, only
/// this member's own papers are believed. Every silo has the same file.
/// </summary>
public sealed class KnownMembersFile(string? path, IMemberKeys own) : IKnownMembers
{
    private readonly Lock _reading = new();
    private (DateTime At, string Keys)? _read;

    /// <exception cref="KeyFileException">The file is no JWK set.</exception>
    public string PublicKeys
    {
        get
        {
            if (path is null || !File.Exists(path))
                return own.PublicKeys;
            lock (_reading)
            {
                var written = File.GetLastWriteTimeUtc(path);
                if (_read is not { } read || read.At != written)
                    _read = (written, Merged());
                return _read.Value.Keys;
            }
        }
    }

    private string Merged()
    {
        try
        {
            var others = JsonNode.Parse(File.ReadAllText(path!))?["keys"]?.AsArray() ?? throw new JsonException("it has no member 'keys'.");
            var ours = JsonNode.Parse(own.PublicKeys)!["keys"]!.AsArray();
            return new JsonObject { ["keys"] = new JsonArray([.. others.Concat(ours).Select(key => key?.DeepClone())]) }.ToJsonString();
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new KeyFileException($"The file '{path}' of the members' public keys is no JWK set: {broken.Message}");
        }
    }
}
