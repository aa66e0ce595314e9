using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Hrms.Load.Running;

/// <summary>One client of the API: a connection, and whoever's token each request brings. One request at a time.</summary>
internal sealed class GraphQLClient(Uri server) : IDisposable
{
    private const int Busy = 503;
    private readonly HttpConnection _connection = new(server);
    private readonly RequestBytes _request = new(server);
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>Sends one operation and returns the answer's <c>data</c>; the caller disposes the document.</summary>
    /// <param name="variables">Texts, or <see cref="JsonElement"/>s.</param>
    /// <exception cref="RequestFailedException">Anything but a 200 without errors: of the request, of a field, or a payload's.</exception>
    public async Task<JsonDocument> AskAsync(string token, string document, CancellationToken stop, params (string Name, object Value)[] variables) =>
        await AskUnlessBusyAsync(token, document, stop, variables) ?? throw new RequestFailedException(Measuring.IScenario.TurnedAway);

    /// <returns>Null: it was turned away as BUSY.</returns>
    /// <inheritdoc cref="AskAsync"/>
    public async Task<JsonDocument?> AskUnlessBusyAsync(string token, string document, CancellationToken stop, params (string Name, object Value)[] variables)
    {
        Write(document, variables);
        var (status, body) = await _connection.SendAsync(_request.Post("/graphql", token, "application/json", _body.WrittenSpan), stop);
        if (status == Busy)
            return null;
        if (status != 200)
            throw new RequestFailedException($"HTTP {status}: {Encoding.UTF8.GetString(body.Span)}");
        // The buffer is used again by the next request, the document perhaps later still: it gets its own bytes.
        var answer = JsonDocument.Parse(body.ToArray());
        if (answer.RootElement.TryGetProperty("errors", out var errors) || HasPayloadErrors(answer.RootElement.GetProperty("data"), out errors))
            throw new RequestFailedException(errors.GetRawText());
        return answer;
    }

    public void Dispose() => _connection.Dispose();

    private static bool HasPayloadErrors(JsonElement data, out JsonElement errors)
    {
        foreach (var field in data.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Object && field.Value.TryGetProperty("errors", out errors) && errors.GetArrayLength() > 0)
                return true;
        }
        errors = default;
        return false;
    }

    private void Write(string document, (string Name, object Value)[] variables)
    {
        _body.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_body))
        {
            json.WriteStartObject();
            json.WriteString("query", document);
            json.WriteStartObject("variables");
            foreach (var (name, value) in variables)
            {
                json.WritePropertyName(name);
                if (value is JsonElement element)
                    element.WriteTo(json);
                else
                    json.WriteStringValue((string)value);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }
}

/// <summary>A request that should have succeeded did not. Counted apart from the latencies; the message goes to the report.</summary>
internal sealed class RequestFailedException(string message) : Exception(message);
