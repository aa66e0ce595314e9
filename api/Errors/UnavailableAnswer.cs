using Hrms.Api.Fhir.Endpoints;
using Hrms.Contracts;

namespace Hrms.Api.Errors;

/// <summary>
/// A grain that does not answer now, told where what was asked of it has no place for a refusal: 503, and when to come again; under <c>/fhir</c> with an OperationOutcome. GraphQL tells it itself, as an
/// error of one field.
/// </summary>
internal static class UnavailableAnswer
{
    /// <summary>Around everything that asks grains.</summary>
    public static void UseUnavailableAnswers(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
        }
        catch (UnavailableException fault) when (!http.Response.HasStarted)
        {
            var refusal = new Refusal(RefusalCode.Unavailable, fault.Message);
            if (http.Request.Path.StartsWithSegments(FhirEndpoints.Base, StringComparison.Ordinal))
            {
                await FhirAnswer.RefuseAsync(http, refusal);
                return;
            }
            http.Response.StatusCode = RefusalTable.Of(refusal.Code).Http;
            http.Response.Headers.RetryAfter = "1";
            http.Response.Headers.CacheControl = "no-store";
            await http.Response.WriteAsync(refusal.Message, http.RequestAborted);
        }
    });
}
