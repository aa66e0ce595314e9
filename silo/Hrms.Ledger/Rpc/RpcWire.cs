using System.Text.Json;

namespace Hrms.Ledger.Rpc;

/// <summary>JSON-RPC 2.0 requests and answers as bytes. Several calls are one batch (section 6), whose answers may come in any order.</summary>
internal static class RpcWire
{
    public static byte[] Write(IReadOnlyList<RpcCall> calls, long firstId)
    {
        var requests = calls.Select((call, i) => new Request("2.0", firstId + i, call.Method, call.Parameters)).ToArray();
        return requests.Length == 1
            ? JsonSerializer.SerializeToUtf8Bytes(requests[0], JsonSerializerOptions.Web)
            : JsonSerializer.SerializeToUtf8Bytes(requests, JsonSerializerOptions.Web);
    }

    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="InvalidDataException">JSON, but not the answers to these calls.</exception>
    public static IReadOnlyList<RpcAnswer> Read(byte[] body, int count, long firstId)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var answers = new RpcAnswer?[count];
        if (count == 1)
            Put(root);
        else if (root.ValueKind == JsonValueKind.Array)
            foreach (var answer in root.EnumerateArray())
                Put(answer);
        else
            throw new InvalidDataException("one answer to a batch of calls");
        return answers.All(answer => answer is not null) ? answers.OfType<RpcAnswer>().ToArray() : throw new InvalidDataException("fewer answers than calls");

        void Put(JsonElement answer)
        {
            if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("id", out var id)
                || id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out var number))
                throw new InvalidDataException("an answer without an id");
            var index = number - firstId;
            if (index < 0 || index >= count || answers[index] is not null)
                throw new InvalidDataException("the answer to another call");
            answers[index] = One(answer);
        }
    }

    private static RpcAnswer One(JsonElement answer)
    {
        var hasResult = answer.TryGetProperty("result", out var result);
        var hasError = answer.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null;
        if (hasError && error.ValueKind == JsonValueKind.Object
            && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number))
            return new RpcAnswer(default, new RpcError(number, Text(error, "message") ?? "", Text(error, "data")));
        return hasResult && !hasError ? new RpcAnswer(result.Clone(), null) : throw new InvalidDataException("neither a result nor an error");
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Unicode(value) : null;

    /// <exception cref="InvalidDataException">The text holds half of a surrogate pair.</exception>
    private static string Unicode(JsonElement value)
    {
        try
        {
            return Quantity.Text(value);
        }
        catch (FormatException strange)
        {
            throw new InvalidDataException(strange.Message, strange);
        }
    }

    private sealed record Request(string Jsonrpc, long Id, string Method, object[] Params);
}
