using System.Text.Json;
using Hrms.Api.Budgets;
using Hrms.Api.Errors;
using Hrms.Contracts;

namespace Hrms.Api.Fhir.Endpoints;

/// <summary>What every answer of the FHIR edge has in common: its headers, its address, and an OperationOutcome for whatever is refused.</summary>
internal static class FhirAnswer
{
    public const string MediaType = "application/fhir+json; charset=utf-8";

    private static readonly string[] Formats = ["json", "application/json", "application/fhir+json"];

    /// <summary>JSON is what there is: FHIR R4, 3.1.0.1.11, content types; <c>_format</c> before <c>Accept</c>.</summary>
    public static bool TakesJson(HttpRequest request)
    {
        if (request.Query["_format"] is [{ } format, ..])
            return Formats.Contains(format.Split(';')[0].Trim());
        if (!HeaderLimits.IsShort(request.Headers.Accept))
            return false;
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Count == 0 || accepted.Any(type => type.Quality != 0
            && (type.MatchesAllTypes || (type.Type == "application" && (type.MatchesAllSubTypes || type.MediaType.Value is "application/json" or "application/fhir+json"))));
    }

    public static void Begin(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = MediaType;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.Vary = "Accept, Authorization";
    }

    public static Task RefuseAsync(HttpContext http, Refusal refusal)
    {
        var form = RefusalTable.Of(refusal.Code);
        if (refusal.Code is RefusalCode.Busy or RefusalCode.Unavailable)
            http.Response.Headers.RetryAfter = "1";
        http.Response.Headers.WWWAuthenticate = RefusalTable.Challenge(refusal.Code);
        return RefuseAsync(http, form.Http, form.Fhir, refusal.Message, refusal.Place);
    }

    /// <summary>The caller has cost more than a minute allows.</summary>
    public static Task ThrottleAsync(HttpContext http, TimeSpan wait)
    {
        http.Response.SetRetryAfter(wait);
        return RefuseAsync(http, StatusCodes.Status429TooManyRequests, "throttled", $"Your requests cost more than a minute allows. Ask again in {HrmsBudgets.Seconds(wait)} s.");
    }

    /// <param name="issue">A code of http://hl7.org/fhir/issue-type.</param>
    /// <param name="parameter">Of the query, when it is at fault.</param>
    public static async Task RefuseAsync(HttpContext http, int status, string issue, string message, string? parameter = null)
    {
        Begin(http, status);
        await using (var json = new Utf8JsonWriter(http.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "OperationOutcome"u8);
            json.WriteStartArray("issue"u8);
            json.WriteStartObject();
            json.WriteString("severity"u8, "error"u8);
            json.WriteString("code"u8, issue);
            json.WriteStartObject("details"u8);
            json.WriteString("text"u8, message);
            json.WriteEndObject();
            if (parameter is not null)
            {
                json.WriteStartArray("location"u8);
                json.WriteStringValue($"http.{parameter}");
                json.WriteEndArray();
            }
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
