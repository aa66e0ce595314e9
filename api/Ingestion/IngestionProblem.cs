using Hrms.Api.Budgets;
using Hrms.Api.Ingestion.Signatures;
using Hrms.Contracts;

namespace Hrms.Api.Ingestion;

/// <summary>A call that changed nothing, as the sender is told of it (RFC 9457).</summary>
/// <param name="Place">Where in the call: a header, <c>samples[3]</c>, or a line and byte of the body.</param>
/// <param name="RetryAfterSeconds">Set when repeating the same call later helps.</param>
internal sealed record IngestionProblem(int Status, string Title, string Detail, string? Place = null, int? RetryAfterSeconds = null)
{
    public static IngestionProblem Malformed(string detail, string place) => new(StatusCodes.Status400BadRequest, "Malformed body", detail, place);

    public static readonly IngestionProblem TooLarge = new(
        StatusCodes.Status413PayloadTooLarge, "Body too large", $"A body has at most {SampleLimits.BodyBytesMax} bytes, decompressed.");

    public static readonly IngestionProblem TooMany = new(
        StatusCodes.Status413PayloadTooLarge, "Too many samples", $"A call takes at most {SampleLimits.BatchSamplesMax} samples.",
        $"samples[{SampleLimits.BatchSamplesMax}]");

    public static readonly IngestionProblem NoSamples = new(
        StatusCodes.Status400BadRequest, "No samples", "A call carries at least one sample.", "samples");

    public static readonly IngestionProblem MediaType = new(
        StatusCodes.Status415UnsupportedMediaType, "Wrong media type",
        "Send application/json or application/x-ndjson in UTF-8, as it is or with Content-Encoding: gzip.", "Content-Type, Content-Encoding");

    public static readonly IngestionProblem Key = new(
        StatusCodes.Status400BadRequest, "Missing key",
        $"Name the call with one {IdempotencyKey.Header}: a UUID, or 1 to {IdempotencyKey.LengthMax} visible ASCII letters. "
        + "Repeat it with the same key.",
        IdempotencyKey.Header);

    public static readonly IngestionProblem NoDeviceKey = new(
        StatusCodes.Status400BadRequest, "Malformed body", "Send {\"code\": \"…\", \"jwk\": {\"kty\": \"EC\", \"crv\": \"P-256\", \"x\": \"…\", \"y\": \"…\"}}.");

    public static readonly IngestionProblem KeyTooLarge = new(StatusCodes.Status413PayloadTooLarge, "Body too large", "A code and a key are small.");

    /// <summary>
    /// Whatever is wrong: no signature, a bad one, one of another time or that came before, over too little or other bytes, of a device that is unknown, another patient's or ended. It says how
    /// requests are signed, and nothing of this one.
    /// </summary>
    public static IngestionProblem NotSigned(IReadOnlyList<string> covering) => new(
        StatusCodes.Status401Unauthorized, "Not signed by a device",
        "Sign each request anew with the key of an enrolled device, by a clock that is right: HTTP Message Signatures (RFC 9421), see Accept-Signature.")
    {
        Covering = covering,
    };

    /// <summary>What a signature has to cover, when one is asked for.</summary>
    public IReadOnlyList<string>? Covering { get; private init; }

    public static readonly IngestionProblem Busy = new(
        StatusCodes.Status429TooManyRequests, "Busy", "Nothing was taken. Repeat the call with the same key.", RetryAfterSeconds: 1);

    /// <summary>The device has cost more than a minute allows.</summary>
    public static IngestionProblem Throttled(TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests, "Too many calls", "Nothing was taken: calls from here cost more than a minute allows. Repeat the call with the same key.",
        RetryAfterSeconds: HrmsBudgets.Seconds(wait));

    /// <summary>The table of this edge: a grain's refusal as a status.</summary>
    public static IngestionProblem From(Refusal refusal) => refusal.Code switch
    {
        RefusalCode.Busy => Busy,
        RefusalCode.Unavailable => new(
            StatusCodes.Status503ServiceUnavailable, "Unavailable", "Repeat the call with the same key.", RetryAfterSeconds: 1),
        RefusalCode.LimitExceeded => new(StatusCodes.Status413PayloadTooLarge, "Too much", refusal.Message, refusal.Place),
        RefusalCode.Tampered => new(StatusCodes.Status500InternalServerError, "Integrity violation", refusal.Message),
        RefusalCode.NotFound => NotSigned(SignedRequest.OfUpload),
        RefusalCode.Invalid => new(StatusCodes.Status422UnprocessableEntity, "Invalid", refusal.Message, refusal.Place),
        RefusalCode.CommandReused => new(
            StatusCodes.Status422UnprocessableEntity, "Key reused", "This key named a call with another body before.", IdempotencyKey.Header),
        RefusalCode.Forbidden => new(StatusCodes.Status403Forbidden, "Forbidden", refusal.Message, refusal.Place),
        RefusalCode.TokenEnded or RefusalCode.FreshSignInNeeded => new(StatusCodes.Status401Unauthorized, "Token ended", refusal.Message, "Authorization"),
        RefusalCode.Erased => new(StatusCodes.Status410Gone, "Gone", refusal.Message),
        RefusalCode.StaleVersion or RefusalCode.WrongState or RefusalCode.ImpactNotAcknowledged => new(StatusCodes.Status409Conflict, "Conflict", refusal.Message, refusal.Place),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Code, "A new refusal needs its row in IngestionProblem.From."),
    };
}
