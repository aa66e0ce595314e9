using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>What came back from <c>/graphql</c>.</summary>
public sealed record Answer(int Status, byte[] Bytes)
{
    internal static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper) } };

    public JsonElement Body { get; } = JsonElement.Parse(Bytes);

    /// <summary>The code of the first error, or null.</summary>
    public string? Error => Body.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("extensions").GetProperty("code").GetString() : null;

    public string? Message => Body.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("message").GetString() : null;

    /// <summary>What was asked for of a patient; fails the test when the answer holds an error.</summary>
    public JsonElement Patient => Data.GetProperty("patient");

    public JsonElement Data
    {
        get
        {
            Assert.False(Body.TryGetProperty("errors", out _), Body.ToString());
            return Body.GetProperty("data");
        }
    }
}

/// <summary>What a mutation answered with.</summary>
public sealed record Reply(JsonElement Payload)
{
    private JsonElement? FirstError => Payload.GetProperty("errors") is var errors && errors.GetArrayLength() > 0 ? errors[0] : null;

    /// <summary>Why it was refused, or null: it was done.</summary>
    public string? Refusal => FirstError?.GetProperty("code").GetString();

    public string? Place => FirstError?.GetProperty("place").GetString();

    public string? Message => FirstError?.GetProperty("message").GetString();

    /// <summary>Fails the test when it was refused.</summary>
    public Reply Done()
    {
        Assert.True(Refusal is null, $"Refused: {Payload}");
        return this;
    }
}
