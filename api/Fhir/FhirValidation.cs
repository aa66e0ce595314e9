using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;
using Hl7.Fhir.Validation;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>
/// Judges JSON by the R4 base specification: names, types, cardinality, required codes, literals and narrative. The one place that
/// knows the Firely SDK. What it parses is thrown away: the record keeps the JSON that came, so that no digit is lost.
/// Profiles, terminology and FHIRPath invariants are not looked at.
/// </summary>
internal static class FhirValidation
{
    private static readonly FhirJsonDeserializer Deserializer = new(new DeserializerSettings().UsingMode(DeserializationMode.Strict, NarrativeValidationKind.Xml));

    /// <summary>A JSON object that names a resource type of R4.</summary>
    public static Refusal? CheckType(JsonElement resource, string? place)
    {
        if (resource.ValueKind != JsonValueKind.Object)
            return new(RefusalCode.Invalid, "A FHIR resource must be a JSON object.", place);
        if (resource.Text("resourceType") is not { } type)
            return new(RefusalCode.Invalid, "The resource has no resourceType; name one, such as \"Observation\".", Under(place, "resourceType"));
        return ModelInfo.IsKnownResource(type) ? null
            : new(RefusalCode.Invalid, $"'{type}' is no resource type of FHIR R4.", Under(place, "resourceType"));
    }

    public static bool IsResourceType(string type) => ModelInfo.IsKnownResource(type);

    public static bool IsInstant(string text) => Instant.IsValidValue(text);

    public static bool IsDate(string text) => Date.IsValidValue(text);

    /// <summary>Bundle and Parameters carry other things; neither is a record by itself.</summary>
    public static Refusal? CheckRecordType(JsonElement resource, string? place) => resource.Text("resourceType") is "Bundle" or "Parameters"
        ? new(RefusalCode.Invalid, "A Bundle or Parameters can't be a record. Send the resources in it.", Under(place, "resourceType"))
        : null;

    /// <param name="resource">One whose type was checked.</param>
    public static Refusal? CheckResource(JsonElement resource, FhirLimits limits)
    {
        var place = resource.Text("resourceType")!;
        return CheckHead(JsonMarshal.GetRawUtf8Value(resource), limits, place) ?? NarrativeGuard.Check(resource, limits, place);
    }

    /// <summary>Checks a resource that has no narrative: a Bundle without its entries.</summary>
    public static Refusal? CheckHead(ReadOnlySpan<byte> json, FhirLimits limits, string place) =>
        TooLarge(json, limits, place) ?? Check(typeof(Resource), json, place, path => path);

    /// <summary>Checks an entry with the resource in it; <paramref name="place"/> is such as <c>Bundle.entry[3]</c>.</summary>
    public static Refusal? CheckEntry(JsonElement entry, FhirLimits limits, string place)
    {
        var json = JsonMarshal.GetRawUtf8Value(entry);
        return TooLarge(json, limits, place) ?? Check(typeof(Bundle.EntryComponent), json, place, path => $"{place}.{path}")
            ?? NarrativeGuard.Check(entry, limits, place);
    }

    private static Refusal? TooLarge(ReadOnlySpan<byte> json, FhirLimits limits, string place)
    {
        if (json.Length > limits.ResourceSizeBytes)
            return new(RefusalCode.LimitExceeded, $"The resource has {json.Length} bytes; at most {limits.ResourceSizeBytes} are taken.", place);
        if (json.Length <= limits.ResourceTokens) return null;      // a token has at least one byte
        var reader = new Utf8JsonReader(json);
        var tokens = 0;
        while (reader.Read()) tokens++;
        return tokens <= limits.ResourceTokens ? null
            : new(RefusalCode.LimitExceeded, $"The resource has {tokens} JSON tokens; at most {limits.ResourceTokens} are taken.", place);
    }

    private static string Under(string? place, string name) => place is null ? name : $"{place}.{name}";

    /// <param name="root">The place of the whole: what the SDK calls <c>$this</c>, or leaves out.</param>
    private static Refusal? Check(Type type, ReadOnlySpan<byte> json, string root, Func<string, string> place)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            IEnumerable<CodedException> issues;
            if (type == typeof(Resource)) Deserializer.TryDeserializeResource(ref reader, out _, out issues);
            else Deserializer.TryDeserializeObject(type, ref reader, out _, out issues);
            return FirstOf(issues, root, place);
        }
        catch (Exception failure) when (failure is CodedException or JsonException or SystemException and not OutOfMemoryException)
        {
            // The SDK trips over some shapes that it should report (an object where contained wants an array, arrays in arrays, an empty
            // name). Reading is a pure function of the input, so whatever it throws says that the input is no FHIR.
            var detail = failure is CodedException ? failure.Message + " " : "";
            return new(RefusalCode.Invalid, $"{detail}The structure of this JSON is not that of FHIR R4. Compare it with the definition.", root);
        }
    }

    private static Refusal? FirstOf(IEnumerable<CodedException> issues, string root, Func<string, string> place)
    {
        var wrong = issues.OfType<ExtendedCodedException>().Where(issue => !IsSound(issue)).ToList();
        if (wrong.Count == 0) return null;
        var first = wrong.MinBy(issue => (issue.LineNumber, issue.Position))!;
        var path = first.InstancePath is { Length: > 0 } given ? given : "$this";
        var at = path.StartsWith("$this", StringComparison.Ordinal) ? root + path["$this".Length..] : place(path);
        var message = first.BaseErrorMessage.Replace("$this", root, StringComparison.Ordinal);
        var more = wrong.Count == 1 ? "" : $" ({wrong.Count - 1} more found.)";
        return new(RefusalCode.Invalid, $"{message} Correct it by the FHIR R4 definition and send it again.{more}", at);
    }

    /// <summary>Two things that the specification allows and the SDK's types can't hold; the record keeps them as they came.</summary>
    private static bool IsSound(ExtendedCodedException issue) => issue.ErrorCode switch
    {
        CodedValidationException.INCORRECT_LITERAL_VALUE_TYPE_CODE => issue.BaseErrorMessage.EndsWith("for a decimal.", StringComparison.Ordinal)
            && Literal(issue) is { } number && IsNumberBeyondDecimal(number),
        CodedValidationException.LITERAL_INVALID_CODE => IsUriKind(issue.BaseErrorMessage) && Literal(issue) is { } uri && IsLooseUri(uri),
        _ => false,
    };

    private static bool IsNumberBeyondDecimal(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        && !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static bool IsUriKind(string message) =>
        message.EndsWith("for a uri.", StringComparison.Ordinal) || message.EndsWith("for a canonical.", StringComparison.Ordinal);

    /// <summary>Capital letters in a UUID (RFC 9562, section 4: read either) and doubled slashes are in HL7's own examples.</summary>
    private static bool IsLooseUri(string uri) =>
        uri.StartsWith("urn:uuid:", StringComparison.Ordinal) ? Guid.TryParseExact(uri["urn:uuid:".Length..], "D", out _)
        : uri.StartsWith("http", StringComparison.Ordinal) && !uri.Any(char.IsWhiteSpace);

    private static string? Literal(ExtendedCodedException issue)
    {
        var message = issue.BaseErrorMessage;
        var (start, end) = (message.IndexOf('\''), message.LastIndexOf('\''));
        return end > start ? message[(start + 1)..end] : null;
    }
}
