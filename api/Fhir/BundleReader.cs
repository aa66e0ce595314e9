using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>One resource as it came, with its name and place in the Bundle.</summary>
internal readonly record struct BundleEntry(int Index, string? FullUrl, JsonElement Resource);

/// <summary>
/// Takes a Bundle apart (http://hl7.org/fhir/R4/bundle.html). A <c>transaction</c> may create: POST, or PUT, which here also makes a
/// new record, since the ids of another server mean nothing in this one.
/// </summary>
internal static class BundleReader
{
    public static Outcome<List<BundleEntry>> ReadEntries(JsonElement bundle, FhirLimits limits)
    {
        var type = bundle.Text("type");
        if (type is not ("transaction" or "collection"))
            return Invalid($"A Bundle of type '{type}' can't be imported; send a transaction or a collection.", "Bundle.type");
        if (!bundle.TryGetProperty("entry", out var entries) || entries.ValueKind != JsonValueKind.Array || entries.GetArrayLength() == 0)
            return Invalid("The Bundle has no entries: there is nothing to import.", "Bundle.entry");
        if (entries.GetArrayLength() > limits.BundleEntries)
            return new Refusal(RefusalCode.LimitExceeded,
                $"The Bundle has {entries.GetArrayLength()} entries; at most {limits.BundleEntries} are taken. Send it in parts.", "Bundle.entry");
        if (CheckHead(bundle, limits) is { } badHead) return badHead;

        var read = new List<BundleEntry>(entries.GetArrayLength());
        var fullUrls = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in entries.EnumerateArray())
        {
            var place = $"Bundle.entry[{read.Count}]";
            if (CheckEntry(entry, place, type, limits) is { } refusal) return refusal;
            var fullUrl = entry.Text("fullUrl");
            if (fullUrl is not null && !fullUrls.TryAdd(fullUrl, read.Count))
                return Invalid($"Entry {fullUrls[fullUrl]} has the same fullUrl; each must be unique.", place + ".fullUrl");
            read.Add(new(read.Count, fullUrl, entry.GetProperty("resource")));
        }
        return read;
    }

    private static Refusal? CheckEntry(JsonElement entry, string place, string type, FhirLimits limits)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            return Invalid("An entry must be a JSON object.", place);
        if (!entry.TryGetProperty("resource", out var resource))
            return Invalid("The entry has no resource: there is nothing to import from it.", place + ".resource");
        if (FhirValidation.CheckType(resource, place + ".resource") is { } notFhir) return notFhir;
        if (FhirValidation.CheckRecordType(resource, place + ".resource") is { } notRecord) return notRecord;
        if (type == "transaction" && CheckMethod(entry, place) is { } badMethod) return badMethod;
        return FhirValidation.CheckEntry(entry, limits, place);
    }

    private static Refusal? CheckMethod(JsonElement entry, string place)
    {
        if (!entry.TryGetProperty("request", out var request))
            return Invalid("An entry of a transaction needs a request.", place + ".request");
        return request.Text("method") is "POST" or "PUT" ? null
            : Invalid("A transaction can only create here: the method must be POST or PUT.", place + ".request.method");
    }

    /// <summary>The Bundle without its entries, which are checked one by one so that memory stays bounded.</summary>
    private static Refusal? CheckHead(JsonElement bundle, FhirLimits limits)
    {
        var head = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(head))
        {
            writer.WriteStartObject();
            foreach (var property in bundle.EnumerateObject())
            {
                if (property.NameEquals("entry")) continue;
                writer.WritePropertyName(property.Name);
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
            }
            writer.WriteEndObject();
        }
        return FhirValidation.CheckHead(head.WrittenSpan, limits, "Bundle");
    }

    private static Refusal Invalid(string message, string place) => new(RefusalCode.Invalid, message, place);
}
