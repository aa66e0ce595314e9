using System.Text;
using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Ingestion;

/// <summary>Reads one sample, such as <c>{"kind":"heart-rate","time":"2026-01-01T00:00:00Z","value":61,"unit":"/min"}</c>; other members
/// are passed over.</summary>
internal static class SampleItemReader
{
    private static readonly (byte[] Name, SampleKind Kind)[] Kinds =
        [.. SampleKinds.All.Select(facts => (Encoding.UTF8.GetBytes(facts.Name), facts.Kind))];

    private static readonly (byte[] Code, SampleUnit Unit)[] Units =
        [.. SampleUnits.All.Select(unit => (Encoding.UTF8.GetBytes(unit.Code()), unit))];

    [Flags]
    private enum Members
    {
        None = 0,
        Kind = 1,
        Time = 2,
        Value = 4,
        Unit = 8,
    }

    /// <param name="reader">On the sample's first token; on its last afterwards.</param>
    /// <exception cref="JsonException">Not an object, or one that says something twice.</exception>
    public static void Read(ref Utf8JsonReader reader, SampleColumns samples)
    {
        SampleReader.Expect(ref reader, JsonTokenType.StartObject, "A sample must be an object.");
        var (kind, time, value, unit) = (SampleKind.Unknown, SampleBatch.UnreadableTime, double.NaN, SampleUnit.Foreign);
        var seen = Members.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Member(ref reader);
            if ((seen & member) != 0) throw new JsonException($"The sample has \"{member.ToString().ToLowerInvariant()}\" twice.");
            seen |= member;
            reader.Read();
            switch (member)
            {
                case Members.Kind: kind = KindOf(ref reader); break;
                case Members.Time: time = TimeOf(ref reader); break;
                case Members.Value: value = reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : double.NaN; break;
                case Members.Unit: unit = UnitOf(ref reader); break;
            }
            reader.Skip(); // what is no number or text may be an object
        }
        samples.Add(kind, time, value, unit);
    }

    private static Members Member(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("kind"u8)) return Members.Kind;
        if (reader.ValueTextEquals("time"u8)) return Members.Time;
        if (reader.ValueTextEquals("value"u8)) return Members.Value;
        return reader.ValueTextEquals("unit"u8) ? Members.Unit : Members.None;
    }

    private static SampleKind KindOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            foreach (var (name, kind) in Kinds)
                if (reader.ValueTextEquals(name)) return kind;
        return SampleKind.Unknown;
    }

    private static SampleUnit UnitOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            foreach (var (code, unit) in Units)
                if (reader.ValueTextEquals(code)) return unit;
        return SampleUnit.Foreign;
    }

    /// <summary>RFC 3339 with its offset: a time without one could be any of a day's, so it is none.</summary>
    private static long TimeOf(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && HasOffset(reader.ValueSpan) && reader.TryGetDateTimeOffset(out var time)
            ? time.ToUnixTimeMilliseconds()
            : SampleBatch.UnreadableTime;

    private static bool HasOffset(ReadOnlySpan<byte> text) => text.Length > 16 && (text[^1] == 'Z' || text[^6] is (byte)'+' or (byte)'-');
}
