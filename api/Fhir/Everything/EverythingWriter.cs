using System.Text.Json.Nodes;
using Hrms.Api.Fhir.Audit;
using Hrms.Api.Fhir.Consents;
using Hrms.Contracts;

namespace Hrms.Api.Fhir.Everything;

/// <summary>
/// Writes a page of an export into its Bundle, some entries at a time. However slowly it is read: before the next entries follow they are asked about again, so that a revocation holds in
/// the middle of a page, too.
/// </summary>
/// <param name="check">What of the page may still leave; refused: nothing is known, and nothing more is sent.</param>
internal sealed class EverythingWriter(
    BundleWriter bundle, PatientId patient, Uri address, bool withProvenance, Func<IReadOnlyList<RecordId>, Task<Outcome<ExportCheck>>> check)
{
    /// <returns>False: the page can't be written to its end.</returns>
    public async Task<bool> WriteAsync(ExportPage page, CancellationToken cancellation)
    {
        var rest = new Queue<RecordView>(page.Records);
        var own = new Queue<Entry>(Own(page));
        while (rest.Count + own.Count > 0)
        {
            if (rest.TryDequeue(out var record))
                Write(record);
            else
                Write(own.Dequeue());
            if (!bundle.IsFull)
                continue;
            await bundle.FlushAsync(cancellation);
            var still = await check([.. rest.Select(view => view.Metadata.Id)]);
            if (!still.Succeeded)
                return false;
            rest = new Queue<RecordView>(rest.IntersectBy(still.Value.Records, view => view.Metadata.Id));
            if (!still.Value.AsPatient)
                own.Clear();
        }
        return true;
    }

    private void Write(RecordView record)
    {
        var metadata = record.Metadata;
        bundle.WriteEntry(metadata.ResourceType, metadata.Id.Value, isMatch: true, json => RecordResource.Write(json, record));
        if (withProvenance)
            bundle.WriteEntry("Provenance", ProvenanceWriter.IdOf(metadata), isMatch: false, json => ProvenanceWriter.Write(metadata).WriteTo(json));
    }

    private void Write(Entry entry) => bundle.WriteEntry(entry.Type, entry.Id, entry.IsMatch, json => entry.Resource().WriteTo(json));

    /// <summary>What is the patient's alone.</summary>
    private IEnumerable<Entry> Own(ExportPage page)
    {
        var audit = new AuditEventWriter(patient, address, page.ResourceTypes);
        foreach (var consent in page.Consents)
            yield return new("Consent", consent.Id.Value, () => Versioned(consent));
        var history = page.Lines.Select(line => (line.StreamVersion, Entries: Of(audit, line)))
            .Concat((page.Versions ?? []).Select(version => (version.StreamVersion, Entries: Of(audit, version)))).OrderByDescending(happened => happened.StreamVersion);
        foreach (var entry in history.SelectMany(happened => happened.Entries))
            yield return entry;
    }

    /// <summary>A line, and beside it the decision by which it was permitted.</summary>
    private static IEnumerable<Entry> Of(AuditEventWriter audit, AccessLine line)
    {
        yield return new("AuditEvent", audit.IdOf(line), () => audit.Write(line));
        if (AuditEventWriter.HasDecision(line))
            yield return new("AuditEvent", audit.DecisionIdOf(line), () => audit.WriteDecision(line), IsMatch: false);
    }

    private static IEnumerable<Entry> Of(AuditEventWriter audit, RecordMetadata version) => [new("AuditEvent", audit.IdOf(version), () => audit.Write(version))];

    private sealed record Entry(string Type, Guid Id, Func<JsonObject> Resource, bool IsMatch = true);

    private JsonObject Versioned(ConsentView consent)
    {
        var resource = ConsentWriter.Write(consent, patient.Value);
        if (resource["meta"] is not JsonObject meta)
            resource["meta"] = meta = [];
        meta["versionId"] = $"{consent.Version}";
        return resource;
    }
}
