using System.Text.Json.Nodes;

namespace Hrms.Api.Fhir.Endpoints;

/// <summary><c>GET /fhir/metadata</c>: the CapabilityStatement, for anybody. The statement is a file beside this one; only the address is filled in.</summary>
internal static class CapabilityEndpoint
{
    public const string File = "fhir/capability-statement.json";

    private static readonly string Statement = Read();

    public static async Task HandleAsync(HttpContext http)
    {
        if (!FhirAnswer.TakesJson(http.Request))
        {
            await FhirAnswer.RefuseAsync(http, StatusCodes.Status406NotAcceptable, "not-supported", "This server speaks application/fhir+json.");
            return;
        }
        var statement = JsonNode.Parse(Statement)!;
        statement["implementation"]!["url"] = FhirEndpoints.AddressFor(http).AbsoluteUri;
        FhirAnswer.Begin(http, StatusCodes.Status200OK);
        await http.Response.WriteAsync(statement.ToJsonString(), http.RequestAborted);
    }

    private static string Read()
    {
        using var file = typeof(CapabilityEndpoint).Assembly.GetManifestResourceStream(File)!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
