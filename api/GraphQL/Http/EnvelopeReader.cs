using System.Text.Json;
using System.Text.Unicode;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// Takes a request apart (GraphQL over HTTP, section 5): which of its members are there and of the right JSON type. Variables stay bytes
/// until the operation says what they are. A wrong type is refused with status 400 and the member's name.
/// </summary>
internal static class EnvelopeReader
{
    /// <summary>Reads the JSON object of a POST body or of a WebSocket's subscribe payload.</summary>
    /// <param name="body">UTF-8 JSON; the envelope keeps slices of it.</param>
    /// <param name="depthMax">Deepest nesting allowed.</param>
    /// <param name="envelope">What was read, when the result is null.</param>
    public static GraphQLRefusal? TryRead(ReadOnlyMemory<byte> body, int depthMax, out RequestEnvelope envelope)
    {
        envelope = new RequestEnvelope();
        if (body.IsEmpty)
            return GraphQLRefusal.BadRequest("The request has no body; send a JSON object with the member \"query\".");
        if (!Utf8.IsValid(body.Span))
            return GraphQLRefusal.BadRequest("The request body is not UTF-8.");
        try
        {
            return Read(body, depthMax, envelope);
        }
        catch (JsonException fault)
        {
            return GraphQLRefusal.BadRequest(
                $"The request body is not valid JSON (at most {depthMax} levels deep): line {fault.LineNumber + 1}, byte {fault.BytePositionInLine}.");
        }
        catch (InvalidOperationException)
        {
            // How Utf8JsonReader reports an escaped half of a surrogate pair.
            return GraphQLRefusal.BadRequest("The request body holds a string that is not valid Unicode.");
        }
    }

    private static GraphQLRefusal? Read(ReadOnlyMemory<byte> body, int depthMax, RequestEnvelope envelope)
    {
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = depthMax });
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
            return new("BATCHING_NOT_SUPPORTED", "Send one GraphQL request at a time; batches are not accepted.", StatusCodes.Status400BadRequest);
        if (reader.TokenType != JsonTokenType.StartObject)
            return GraphQLRefusal.BadRequest("The request body must be a JSON object.");

        var seen = Members.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = MemberOf(ref reader);
            if (member != Members.None && (seen & member) != 0)
                return GraphQLRefusal.BadRequest($"The member \"{NameOf(member)}\" comes twice.");
            seen |= member;
            reader.Read();
            if (ReadMember(ref reader, body, member, envelope) is { } refusal)
                return refusal;
        }
        while (reader.Read()) { } // anything after the object is not JSON and throws
        return null;
    }

    private static GraphQLRefusal? ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, Members member, RequestEnvelope envelope)
    {
        if (member == Members.None || reader.TokenType == JsonTokenType.Null)
        {
            reader.Skip();
            return null;
        }
        var expected = member is Members.Variables or Members.Extensions ? JsonTokenType.StartObject : JsonTokenType.String;
        if (reader.TokenType != expected)
            return GraphQLRefusal.BadRequest(
                $"The member \"{NameOf(member)}\" must be {(expected == JsonTokenType.String ? "a string" : "an object")}.");
        switch (member)
        {
            case Members.Query: envelope.Document = StringBytes(ref reader, body); break;
            case Members.OperationName: envelope.OperationName = reader.GetString(); break;
            case Members.DocumentId: envelope.DocumentId = reader.GetString(); break;
            case Members.Variables: envelope.Variables = Slice(ref reader, body); break;
            case Members.Extensions: return ReadPersistedQuery(Slice(ref reader, body), envelope);
        }
        return null;
    }

    /// <summary><c>extensions.persistedQuery.sha256Hash</c>, the older way to name a trusted document.</summary>
    private static GraphQLRefusal? ReadPersistedQuery(ReadOnlyMemory<byte> extensions, RequestEnvelope envelope)
    {
        using var document = JsonDocument.Parse(extensions);
        if (document.RootElement.TryGetProperty("persistedQuery", out var persisted)
            && persisted.ValueKind == JsonValueKind.Object
            && persisted.TryGetProperty("sha256Hash", out var hash)
            && hash.ValueKind == JsonValueKind.String)
            envelope.DocumentId ??= "sha256:" + hash.GetString();
        return null;
    }

    private static ReadOnlyMemory<byte> StringBytes(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        if (!reader.ValueIsEscaped)
            return body.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        var unescaped = new byte[reader.ValueSpan.Length];
        return unescaped.AsMemory(0, reader.CopyString(unescaped));
    }

    private static ReadOnlyMemory<byte> Slice(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return body[start..(int)reader.BytesConsumed];
    }

    private static Members MemberOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("query"u8) ? Members.Query
        : reader.ValueTextEquals("variables"u8) ? Members.Variables
        : reader.ValueTextEquals("operationName"u8) ? Members.OperationName
        : reader.ValueTextEquals("extensions"u8) ? Members.Extensions
        : reader.ValueTextEquals("documentId"u8) ? Members.DocumentId
        : Members.None;

    private static string NameOf(Members member) => member switch
    {
        Members.OperationName => "operationName",
        Members.DocumentId => "documentId",
        _ => member.ToString().ToLowerInvariant(),
    };

    [Flags]
    private enum Members
    {
        None = 0,
        Query = 1,
        Variables = 2,
        OperationName = 4,
        Extensions = 8,
        DocumentId = 16,
    }
}
