using System.Text.Json;
using Hrms.Api.Ingestion.Signatures;
using Hrms.Contracts;

namespace Hrms.Api.Ingestion;

/// <summary>
/// Writes what became of a call: counts, and each item that is not there now with its index and reason. Duplicates are there, so they are
/// counted only. 200 when anything of the batch is there, 422 when all of it was left out.
/// </summary>
internal static class IngestionAnswer
{
    public static async Task WriteAsync(HttpResponse response, SampleBatch batch, SampleIngestResult result)
    {
        response.StatusCode = result.Stored + result.Duplicates > 0 ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(response.BodyWriter))
            Write(json, batch, result);
        await response.BodyWriter.FlushAsync();
    }

    public static async Task WriteAsync(HttpResponse response, IngestionProblem problem)
    {
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        if (problem.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString();
        if (problem.Covering is { } components)
        {
            response.Headers.WWWAuthenticate = "Signature";
            response.Headers["Accept-Signature"] = $"sig=({string.Join(' ', components.Select(name => $"\"{name}\""))});created;keyid;nonce;alg=\"{MessageSignature.Algorithm}\"";
        }
        await using (var json = new Utf8JsonWriter(response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("title", problem.Title);
            json.WriteNumber("status", problem.Status);
            json.WriteString("detail", problem.Detail);
            if (problem.Place is not null) json.WriteString("place", problem.Place);
            json.WriteEndObject();
        }
        await response.BodyWriter.FlushAsync();
    }

    private static void Write(Utf8JsonWriter json, SampleBatch batch, SampleIngestResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("stored", result.Stored);
        json.WriteNumber("duplicates", result.Duplicates);
        json.WriteNumber("conflicts", result.Conflicts);
        json.WriteNumber("rejected", result.Rejected);
        json.WriteStartArray("items");
        for (var i = 0; i < result.Statuses.Length; i++)
        {
            if (result.Statuses[i] is SampleStatus.Stored or SampleStatus.Duplicate) continue;
            var (reason, message) = Reason(result.Statuses[i], batch.Kinds[i]);
            json.WriteStartObject();
            json.WriteNumber("index", i);
            json.WriteString("status", SampleIngestResult.IsRejection(result.Statuses[i]) ? "rejected" : "conflict");
            json.WriteString("reason", reason);
            json.WriteString("message", message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The table of this edge: what is wrong with an item, for programs and for people.</summary>
    private static (string Reason, string Message) Reason(SampleStatus status, SampleKind kind) => status switch
    {
        SampleStatus.Conflict => ("other-value", "Another value is stored for this kind and time; it stays."),
        SampleStatus.UnknownKind => ("unknown-kind", $"The kind must be one of {AllKinds}."),
        SampleStatus.UnreadableTime => ("unreadable-time", "The time must be RFC 3339 with an offset, such as 2026-01-01T00:00:00Z."),
        SampleStatus.TimeTooOld => ("time-too-old", $"The time is before {SampleLimits.TimeMin:yyyy}: is the device's clock set?"),
        SampleStatus.TimeInFuture => ("time-in-future", $"The time is more than {SampleLimits.ClockSkewMax.TotalMinutes} minutes ahead of ours."),
        SampleStatus.NotANumber => ("not-a-number", "The value must be a finite JSON number."),
        SampleStatus.ForeignUnit => ("foreign-unit", $"{kind.Facts().Name} takes the UCUM unit {Units(kind)}."),
        SampleStatus.Implausible => ("implausible-value", "No body measures this value."),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "A new status needs its row in IngestionAnswer.Reason."),
    };

    private static string Units(SampleKind kind) => string.Join(" or ", kind.Facts().Units.Select(unit => unit.Code()));

    private static readonly string AllKinds = string.Join(", ", SampleKinds.All.Select(facts => facts.Name));
}
