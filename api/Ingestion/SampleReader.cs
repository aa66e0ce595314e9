using System.Security.Cryptography;
using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Ingestion;

/// <summary>
/// Reads a body into a batch in one pass, without an object per sample. It judges form only: broken JSON refuses the whole body, while an
/// item whose kind, time, value or unit can't be meant goes on as such (see <see cref="SampleBatch"/>) and the domain rejects it by its
/// index.
/// </summary>
internal static class SampleReader
{
    /// <summary>The shortest sample takes about this: what is reserved for a body of some length.</summary>
    private const int SampleBytesMin = 64;
    private const int DepthMax = 16;

    /// <param name="lines">NDJSON: samples one after the other. Else an object with the array <c>samples</c>.</param>
    /// <param name="batch">Null when there is a problem.</param>
    /// <returns>Why the whole body is refused, or null.</returns>
    public static IngestionProblem? Read(ReadOnlySpan<byte> body, bool lines, CommandId command, out SampleBatch? batch)
    {
        batch = null;
        var samples = new SampleColumns(body.Length / SampleBytesMin);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = DepthMax, AllowMultipleValues = lines });
        try
        {
            var withinLimit = lines ? ReadLines(ref reader, samples) : ReadObject(ref reader, samples);
            if (!withinLimit) return IngestionProblem.TooMany;
        }
        catch (JsonException broken)
        {
            var (line, place) = (broken.LineNumber, broken.BytePositionInLine);
            if (line is null) // thrown here, not by the reader: it stands on the token that is wrong
            {
                var before = body[..(int)reader.TokenStartIndex];
                (line, place) = (before.Count((byte)'\n'), before.Length - before.LastIndexOf((byte)'\n') - 1);
            }
            var reason = broken.Message.Split(" LineNumber:")[0];
            return IngestionProblem.Malformed(reason, $"line {line + 1}, byte {place + 1}, samples[{samples.Count}]");
        }
        catch (InvalidOperationException)
        {
            // How Utf8JsonReader reports an escaped half of a surrogate pair.
            return IngestionProblem.Malformed("A text is not valid Unicode.", $"samples[{samples.Count}]");
        }
        if (samples.Count == 0) return IngestionProblem.NoSamples;
        batch = samples.ToBatch(command, SHA256.HashData(body));
        return null;
    }

    private static bool ReadObject(ref Utf8JsonReader reader, SampleColumns samples)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject, "The body must be an object with the array \"samples\".");
        var found = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSamples = reader.ValueTextEquals("samples"u8);
            if (isSamples && found) throw new JsonException("The body has \"samples\" twice.");
            reader.Read();
            if (!isSamples)
            {
                reader.Skip();
                continue;
            }
            found = true;
            Expect(ref reader, JsonTokenType.StartArray, "\"samples\" must be an array.");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (samples.Count == SampleLimits.BatchSamplesMax) return false;
                SampleItemReader.Read(ref reader, samples);
            }
        }
        reader.Read(); // nothing may follow: the reader throws
        return true;
    }

    private static bool ReadLines(ref Utf8JsonReader reader, SampleColumns samples)
    {
        while (reader.Read())
        {
            if (samples.Count == SampleLimits.BatchSamplesMax) return false;
            SampleItemReader.Read(ref reader, samples);
        }
        return true;
    }

    internal static void Expect(ref Utf8JsonReader reader, JsonTokenType token, string message)
    {
        if (reader.TokenType != token) throw new JsonException(message);
    }
}
