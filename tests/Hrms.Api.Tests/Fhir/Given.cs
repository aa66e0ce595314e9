using System.Text;
using System.Text.Json;
using Hrms.Api.Fhir;
using Hrms.Contracts;

namespace Hrms.Api.Tests.Fhir;

/// <summary>Short words for the tests of the FHIR reader.</summary>
internal static class Given
{
    public static readonly CommandId Command = new(Guid.Parse("0190aaaa-0000-7000-8000-000000000001"));

    public static ReadOnlyMemory<byte> Utf8(string json) => Encoding.UTF8.GetBytes(json);

    /// <summary>A transaction of entries such as <c>("urn:oid:2.1", """{"resourceType":…}""")</c>.</summary>
    public static string Transaction(params (string FullUrl, string Resource)[] entries) =>
        $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', entries.Select(entry =>
            $$$"""{"fullUrl":"{{{entry.FullUrl}}}","resource":{{{entry.Resource}}},"request":{"method":"POST","url":"X"}}"""))}}]}""";

    public static IntakeDraft Accepted(string json)
    {
        var outcome = FhirReader.Read(Utf8(json), Command);
        Assert.True(outcome.Succeeded, outcome.Refusal?.ToString());
        return outcome.Value;
    }

    public static Refusal Refused(string json, FhirLimits? limits = null) => Refused(Utf8(json), limits);

    public static Refusal Refused(ReadOnlyMemory<byte> json, FhirLimits? limits = null)
    {
        var outcome = FhirReader.Read(json, Command, limits);
        Assert.False(outcome.Succeeded, "The input was accepted.");
        Assert.NotEmpty(outcome.Refusal.Message);
        return outcome.Refusal;
    }

    public static JsonElement Json(this RecordDraft draft) => JsonElement.Parse(draft.Content.Span);

    public static string? Reference(this JsonElement resource, string property) => resource.GetProperty(property).GetProperty("reference").GetString();
}
