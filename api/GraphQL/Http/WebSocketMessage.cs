using System.Text.Json;
using System.Text.Unicode;

namespace Hrms.Api.GraphQL.Http;

/// <summary>One message of graphql-transport-ws, its payload still bytes.</summary>
internal readonly record struct WebSocketMessage(string Type, string? Id, ReadOnlyMemory<byte> Payload)
{
    private const string Bearer = "Bearer ";

    /// <summary>False when the text is not a message: not JSON, not an object, a wrong type, a member twice.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, int depthMax, out WebSocketMessage message)
    {
        message = default;
        if (!Utf8.IsValid(json.Span))
            return false;
        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = depthMax });
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && TryReadMembers(ref reader, json, out message);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The token of a connection_init whose payload has the member <c>Authorization</c> (any case): <c>Bearer …</c>; empty, which no token is, when it is no such text.</summary>
    public string? BearerToken()
    {
        if (Payload.IsEmpty)
            return null;
        using var payload = JsonDocument.Parse(Payload);
        try
        {
            foreach (var member in payload.RootElement.EnumerateObject())
                if (member.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
                    && member.Value.ValueKind == JsonValueKind.String
                    && member.Value.GetString() is { } value)
                    return value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? value[Bearer.Length..].Trim() : "";
            return null;
        }
        catch (InvalidOperationException)
        {
            // A name or value with half a surrogate pair is JSON, and no text.
            return "";
        }
    }

    private static bool TryReadMembers(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, out WebSocketMessage message)
    {
        string? type = null, id = null;
        ReadOnlyMemory<byte> payload = default;
        message = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "type" when type is null && reader.TokenType == JsonTokenType.String: type = reader.GetString(); break;
                case "id" when id is null && reader.TokenType == JsonTokenType.String: id = reader.GetString(); break;
                case "payload" when payload.IsEmpty && reader.TokenType == JsonTokenType.StartObject:
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    payload = json[start..(int)reader.BytesConsumed];
                    break;
                case "payload" when reader.TokenType == JsonTokenType.Null: break;
                case "type" or "id" or "payload": return false;
                default: reader.Skip(); break;
            }
        }
        message = new WebSocketMessage(type ?? "", id, payload);
        return type is not null && !reader.Read();
    }
}
