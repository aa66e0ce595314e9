using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using GraphQL;
using GraphQL.SystemTextJson;
using GraphQLParser;
using Hrms.Api.Budgets;

namespace Hrms.Api.GraphQL.Http;

/// <summary>Writes results and refusals as JSON bytes, for every transport. A result that cannot be written becomes a masked error.</summary>
internal sealed class ResultSerializer(ILogger<ResultSerializer> log)
{
    /// <summary>Most errors written of one result: each bad field makes one.</summary>
    private const int ErrorsMax = 20;

    // Responses are JSON with nosniff, never HTML: characters beyond ASCII go out as they are.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly JsonSerializerOptions _json =
        new ConvertersOfTheLibrary().Options;

    /// <summary>The bytes of a result, as a response body or as the data of one event; the caller returns the buffer.</summary>
    public PooledBuffer Write(ExecutionResult result) =>
        Write(result, static (writer, result, json) => JsonSerializer.Serialize(writer, result, json));

    /// <summary>A <c>next</c> message of graphql-transport-ws.</summary>
    public PooledBuffer WriteNext(string operationId, ExecutionResult result) => Write(result, (writer, result, json) =>
    {
        StartMessage(writer, operationId, "next");
        JsonSerializer.Serialize(writer, result, json);
        writer.WriteEndObject();
    });

    /// <summary>An <c>error</c> message of graphql-transport-ws: the errors alone, and the operation is over.</summary>
    public PooledBuffer WriteError(string operationId, ExecutionResult result) => Write(result, (writer, result, json) =>
    {
        StartMessage(writer, operationId, "error");
        JsonSerializer.Serialize(writer, result.Errors, json);
        writer.WriteEndObject();
    });

    private static void StartMessage(Utf8JsonWriter writer, string operationId, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("id", operationId);
        writer.WriteString("type", type);
        writer.WritePropertyName("payload");
    }

    private static (int, int) PlaceOf(ExecutionError error) => error.Locations is [var first, ..] ? (first.Line, first.Column) : default;

    private PooledBuffer Write(ExecutionResult result, Action<Utf8JsonWriter, ExecutionResult, JsonSerializerOptions> write)
    {
        if (result.Errors is { Count: > 1 } errors)
        {
            // Fields are asked at once: which of them failed first must not show.
            var few = new ExecutionErrors();
            few.AddRange(errors.OrderBy(PlaceOf).ThenBy(error => string.Join('/', error.Path ?? []), StringComparer.Ordinal).Take(ErrorsMax));
            result.Errors = few;
        }
        var buffer = new PooledBuffer();
        try
        {
            using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
                write(writer, result, _json);
            return buffer;
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            buffer.Dispose();
            var trace = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("n");
            log.ResultNotWritten(trace, fault.GetType().Name);
            return Write(ToResult(new("INTERNAL_ERROR", $"The server failed to answer this; trace {trace}.")), write);
        }
    }

    /// <summary>The result that tells of a refusal: errors and no data.</summary>
    public static ExecutionResult ToResult(GraphQLRefusal refusal)
    {
        var error = new ExecutionError(refusal.Message) { Code = refusal.Code };
        if (refusal.RetryAfter is { } wait)
            error.Extensions = new Dictionary<string, object?> { ["retryAfterSeconds"] = HrmsBudgets.Seconds(wait) };
        if (refusal.Line > 0)
            error.AddLocation(new Location(refusal.Line, refusal.Column));
        return new ExecutionResult(error);
    }

    /// <summary>graphql-dotnet's converters with our errors: the library shows its options to subclasses only.</summary>
    private sealed class ConvertersOfTheLibrary()
        : GraphQLSerializer(
            options =>
            {
                options.Encoder = WriterOptions.Encoder;
                options.Converters.Add(new RawElementConverter());
            },
            new WireErrors())
    {
        public JsonSerializerOptions Options => SerializerOptions;
    }
}
