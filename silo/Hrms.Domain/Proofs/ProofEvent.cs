using System.Text.Json;

namespace Hrms.Domain.Proofs;

/// <summary>
/// What a proof takes from an opened event, without knowing the kinds of events: member <c>event</c> (its name), <c>at</c> (its time), and anywhere inside:
/// <c>contentHash</c>, and <c>secret</c> or <c>nullifier</c>.
/// </summary>
public sealed class ProofEvent
{
    private ProofEvent(JsonElement json, string name, DateTimeOffset at) => (Json, Name, RecordedAt) = (json, name, at);

    public JsonElement Json { get; }

    /// <summary>The event's own name, e.g. <c>consent-granted</c>.</summary>
    public string Name { get; }

    public DateTimeOffset RecordedAt { get; }

    public string Kind => Name switch
    {
        "consent-granted" or "consent-amended" => "consent",
        "consent-revoked" => "revocation",
        "record-added" or "record-amended" => "record",
        _ => Name,
    };

    /// <summary>What the ledger shows once this consent is revoked; null when the event tells of none.</summary>
    public byte[]? Nullifier =>
        Find(Json, "secret") is { } secret ? Keccak256.Hash(secret)
        : Find(Json, "nullifier") is { Length: Keccak256.SizeBytes } named ? named
        : null;

    /// <summary>The SHA-256 of the sealed content that the event names; null when it names none.</summary>
    public byte[]? ContentHash => Find(Json, "contentHash");

    /// <exception cref="JsonException">Not an event: no JSON object with <c>event</c> and <c>at</c>.</exception>
    public static ProofEvent Read(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty("event", out var name) && name.ValueKind == JsonValueKind.String
            && root.TryGetProperty("at", out var at) && at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out var time)
            ? new ProofEvent(root.Clone(), name.GetString()!, time)
            : throw new JsonException("The opened bytes are not an event: 'event' and 'at' are expected.");
    }

    /// <summary>The first member of a name at any depth, read as hexadecimal or base64.</summary>
    private static byte[]? Find(JsonElement json, string name) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject()
            .Select(member => member.NameEquals(name) ? Bytes(member.Value) : Find(member.Value, name)).FirstOrDefault(found => found is not null),
        JsonValueKind.Array => json.EnumerateArray().Select(item => Find(item, name)).FirstOrDefault(found => found is not null),
        _ => null,
    };

    private static byte[]? Bytes(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        var text = value.GetString()!;
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        if (digits.Length == 64 && digits.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(digits);
        return value.TryGetBytesFromBase64(out var bytes) ? bytes : null;
    }
}
