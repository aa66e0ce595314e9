using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>
/// Reads FHIR R4 JSON, one resource or a whole Bundle, into drafts for the patient's grain. Pure; called by every edge that takes
/// FHIR. All or nothing: the first thing wrong refuses the whole, and <see cref="Refusal.Place"/> names it
/// (<c>Bundle.entry[3].resource.status</c>; line and byte for malformed JSON). Texts of refusals may quote the input: answer with
/// them, never log them.
/// </summary>
public static class FhirReader
{
    /// <summary>Takes either kind; the resource type tells.</summary>
    /// <param name="utf8Json">The body. The drafts hold copies, so the caller may reuse the buffer afterwards.</param>
    /// <param name="command">The asker's command id; all record ids derive from it.</param>
    public static Outcome<IntakeDraft> Read(ReadOnlyMemory<byte> utf8Json, CommandId command, FhirLimits? limits = null) =>
        Read(utf8Json, command, limits ?? FhirLimits.Default, bundle: null);

    /// <summary>Takes one resource that is not a Bundle; the record's id is <c>RecordId.From(command, 0)</c>.</summary>
    public static Outcome<IntakeDraft> ReadResource(ReadOnlyMemory<byte> utf8Json, CommandId command, FhirLimits? limits = null) =>
        Read(utf8Json, command, limits ?? FhirLimits.Default, bundle: false);

    /// <summary>Takes a Bundle of type <c>transaction</c> or <c>collection</c>.</summary>
    public static Outcome<IntakeDraft> ReadBundle(ReadOnlyMemory<byte> utf8Json, CommandId command, FhirLimits? limits = null) =>
        Read(utf8Json, command, limits ?? FhirLimits.Default, bundle: true);

    /// <summary>Takes one resource as the next version of a record; what it says its id is does not matter.</summary>
    public static Outcome<RecordDraft> ReadAmendment(ReadOnlyMemory<byte> utf8Json, RecordId record, FhirLimits? limits = null)
    {
        var read = Read(utf8Json, limits ?? FhirLimits.Default, bundle: false, entries => RecordReader.ReadAs(entries[0], record));
        return read.Succeeded ? read.Value.Records[0] : read.Refusal;
    }

    private static Outcome<IntakeDraft> Read(ReadOnlyMemory<byte> utf8Json, CommandId command, FhirLimits limits, bool? bundle) =>
        Read(utf8Json, limits, bundle, entries => RecordReader.Read(entries, command));

    private static Outcome<IntakeDraft> Read(
        ReadOnlyMemory<byte> utf8Json, FhirLimits limits, bool? bundle, Func<List<BundleEntry>, Outcome<IntakeDraft>> draft)
    {
        var parsed = JsonGuard.Parse(utf8Json, limits);
        if (!parsed.Succeeded) return parsed.Refusal;
        using var document = parsed.Value;
        var root = document.RootElement;

        if (FhirValidation.CheckType(root, place: null) is { } notFhir) return notFhir;
        var isBundle = root.Text("resourceType") == "Bundle";
        if (bundle is { } expected && expected != isBundle)
            return new Refusal(RefusalCode.Invalid, expected ? "A Bundle is expected here." : "One resource is expected here, not a Bundle.", "resourceType");

        var entries = isBundle ? BundleReader.ReadEntries(root, limits) : ReadSingle(root, limits);
        return entries.Succeeded ? draft(entries.Value) : entries.Refusal;
    }

    private static Outcome<List<BundleEntry>> ReadSingle(JsonElement resource, FhirLimits limits)
    {
        var refusal = FhirValidation.CheckRecordType(resource, place: null) ?? FhirValidation.CheckResource(resource, limits);
        return refusal is null ? new List<BundleEntry> { new(0, null, resource) } : refusal;
    }
}
