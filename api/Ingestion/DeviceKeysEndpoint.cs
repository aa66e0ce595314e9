using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hrms.Api.Budgets;
using Hrms.Api.Ingestion.Signatures;
using Hrms.Contracts;

namespace Hrms.Api.Ingestion;

/// <summary>
/// <c>POST /ingest/v1/device-keys</c>: a device registers the key that it will sign with. It brings the code that the patient gave it and its public key (RFC 7517, RFC 7518, 6.2), and
/// signs the request with that key, which shows that it has it. Once for each code; the same code with the same key may come again while the code is open.
/// </summary>
public static class DeviceKeysEndpoint
{
    public const string Path = "/ingest/v1/device-keys";

    private const int BodyBytesMax = 4_096, CallsInFlightMax = 16;

    private static readonly SemaphoreSlim Places = new(CallsInFlightMax);

    public static void MapDeviceKeys(this IEndpointRouteBuilder routes) => routes.MapPost(Path, async (HttpContext context, IGrainFactory grains, TimeProvider clock, IRequestBudget budget) =>
    {
        if (budget.Admit(context, context.User, RequestCost.Question) is { } wait)
        {
            await IngestionAnswer.WriteAsync(context.Response, IngestionProblem.Throttled(wait));
            return;
        }
        // A place is for what has come: bodies that come byte by byte keep nobody from enrolling.
        var (body, problem) = await ReadAsync(context.Request, context.RequestAborted);
        if (body is null)
        {
            await IngestionAnswer.WriteAsync(context.Response, problem!);
            return;
        }
        if (!Places.Wait(0))
        {
            await IngestionAnswer.WriteAsync(context.Response, IngestionProblem.Busy);
            return;
        }
        try
        {
            await TakeAsync(context, body, grains, clock);
        }
        finally
        {
            Places.Release();
        }
    });

    private static async Task TakeAsync(HttpContext context, DeviceKeyBody body, IGrainFactory grains, TimeProvider clock)
    {
        // From here on one answer for everything: a code that is wrong, used or over, and a key that did not sign.
        var refused = IngestionProblem.NotSigned(SignedRequest.Always);
        if (SignedRequest.Of(context.Request, SignedRequest.Always, clock.GetUtcNow()) is { } signed && body.Jwk.ToPublicKey() is { } key && signed.IsBy(key)
            && EnrolmentCode.TryParse(body.Code, out var code))
        {
            var outcome = await grains.Grain<IPatientGrain>(code.Patient.Value).EnrolDeviceAsync(new EnrolDevice(code.Device, code.Secret, key));
            if (outcome.Succeeded)
            {
                await context.Response.WriteAsJsonAsync(new DeviceKeyRegistered(outcome.Value.Id.Value), DeviceKeyJson.Default.DeviceKeyRegistered, cancellationToken: context.RequestAborted);
                return;
            }
            refused = outcome.Refusal.Code == RefusalCode.NotFound ? refused : IngestionProblem.From(outcome.Refusal);
        }
        await IngestionAnswer.WriteAsync(context.Response, refused);
    }

    private static async ValueTask<(DeviceKeyBody? Body, IngestionProblem? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is > BodyBytesMax)
            return (null, IngestionProblem.KeyTooLarge);
        await using var content = new DigestingStream(request.Body);
        var bytes = new byte[BodyBytesMax + 1];
        var length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > BodyBytesMax)
            return (null, IngestionProblem.KeyTooLarge);
        if (ContentDigest.Sha256Of(request.Headers[ContentDigest.Header]) is { } digest && !await content.EndsWithAsync(digest, cancellationToken))
            return (null, IngestionProblem.NotSigned(SignedRequest.Always));
        try
        {
            return JsonSerializer.Deserialize(bytes.AsSpan(0, length), DeviceKeyJson.Default.DeviceKeyBody) is { } body ? (body, null) : (null, IngestionProblem.NoDeviceKey);
        }
        catch (JsonException)
        {
            return (null, IngestionProblem.NoDeviceKey);
        }
    }
}

/// <param name="Code">What the patient gave the device.</param>
internal sealed record DeviceKeyBody([property: JsonRequired] string Code, [property: JsonRequired] DeviceJwk Jwk);

/// <summary>A P-256 key as RFC 7518, 6.2.1, writes it. Members that we don't know are left aside.</summary>
internal sealed record DeviceJwk([property: JsonRequired] string Kty, [property: JsonRequired] string Crv, [property: JsonRequired] string X, [property: JsonRequired] string Y)
{
    private const int CoordinateBytes = 32, CoordinateLetters = 43;

    /// <summary>SubjectPublicKeyInfo; null: it is no point of P-256.</summary>
    public byte[]? ToPublicKey()
    {
        if (Kty != "EC" || Crv != "P-256" || Coordinate(X) is not { } x || Coordinate(Y) is not { } y)
            return null;
        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
            return key.ExportSubjectPublicKeyInfo();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[]? Coordinate(string text) =>
        text.Length == CoordinateLetters && Base64Url.IsValid(text) && Base64Url.DecodeFromChars(text) is { Length: CoordinateBytes } bytes ? bytes : null;
}

/// <param name="Device">From now on the key's id.</param>
internal sealed record DeviceKeyRegistered(Guid Device);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DeviceKeyBody))]
[JsonSerializable(typeof(DeviceKeyRegistered))]
internal sealed partial class DeviceKeyJson : JsonSerializerContext;
