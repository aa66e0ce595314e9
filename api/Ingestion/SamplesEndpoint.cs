using Hrms.Api.Budgets;
using Hrms.Api.Ingestion.Signatures;
using Hrms.Contracts;

namespace Hrms.Api.Ingestion;

/// <summary>
/// <c>POST /ingest/v1/samples</c>: up to 10,000 samples as JSON or NDJSON, gzip or plain, under an idempotency key. A body that can't be
/// read changes nothing; one that can is answered item by item: what can't be a measurement is left out with its index and reason, the
/// rest is stored at once.
/// </summary>
public static class SamplesEndpoint
{
    public const string Path = "/ingest/v1/samples";

    /// <summary>
    /// Calls that are read or stored at one time; more are told "busy" before their body is read. So ingestion takes no more memory than
    /// this times a body (256 MiB), whatever a million devices do at once.
    /// </summary>
    public const int CallsInFlightMax = 64;

    /// <summary>Maps the endpoint over the registered <see cref="ISampleIntake"/>. The caller requires a device's signature on what is
    /// returned; that the body is what was signed is seen here.</summary>
    public static IEndpointConventionBuilder MapIngestion(this IEndpointRouteBuilder routes, int callsInFlightMax = CallsInFlightMax)
    {
        var places = new SemaphoreSlim(callsInFlightMax);
        return routes.MapPost(Path, async (HttpContext context) =>
        {
            if (!places.Wait(0))
            {
                await IngestionAnswer.WriteAsync(context.Response, IngestionProblem.Busy);
                return;
            }
            try
            {
                await TakeAsync(context);
            }
            finally
            {
                places.Release();
            }
        });
    }

    private static async Task TakeAsync(HttpContext context)
    {
        var (device, batch, problem) = await ReadAsync(context);
        if (problem is null)
        {
            var intake = context.RequestServices.GetRequiredService<ISampleIntake>();
            var outcome = await intake.IngestAsync(device, context.User, DeviceClaims.PatientOf(context.User), batch!, context.RequestAborted);
            if (outcome.Succeeded)
            {
                await IngestionAnswer.WriteAsync(context.Response, batch!, outcome.Value);
                return;
            }
            problem = IngestionProblem.From(outcome.Refusal);
        }
        await IngestionAnswer.WriteAsync(context.Response, problem);
    }

    private static async ValueTask<(DeviceId Device, SampleBatch? Batch, IngestionProblem? Problem)> ReadAsync(HttpContext context)
    {
        var budget = context.RequestServices.GetRequiredService<IRequestBudget>();
        if (budget.Admit(context, context.User, RequestCost.Question) is { } wait) return (default, null, IngestionProblem.Throttled(wait));
        if (DeviceClaims.DeviceOf(context.User) is not { } device) return (default, null, IngestionProblem.NotSigned(SignedRequest.OfUpload));
        var key = context.Request.Headers[IdempotencyKey.Header];
        if (IdempotencyKey.Command(key, device) is not { } command) return (device, null, IngestionProblem.Key);
        if (SampleBody.IsLines(context.Request) is not { } lines) return (device, null, IngestionProblem.MediaType);
        using var body = new SampleBody();
        if (await body.ReadAsync(context.Request, context.RequestAborted) is { } unread) return (device, null, unread);
        budget.Charge(context, context.User, RequestCost.OfBytes(body.Bytes.Length));
        return SampleReader.Read(body.Bytes, lines, command, out var batch) is { } problem ? (device, null, problem) : (device, batch, null);
    }
}
