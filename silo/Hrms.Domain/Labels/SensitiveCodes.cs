using System.Collections.Frozen;

namespace Hrms.Domain.Labels;

/// <summary>
/// Which codes make a record sensitive, and how it is labelled then: the table <c>sensitive-codes.txt</c> beside this file, where its sources and limits are
/// told. Used by <see cref="RecordLabelling"/>.
/// </summary>
public static class SensitiveCodes
{
    /// <summary>The systems of the table by the names they have in FHIR; ICD-10 in all its editions.</summary>
    private static readonly FrozenDictionary<string, string> Systems = new Dictionary<string, string>
    {
        ["http://hl7.org/fhir/sid/icd-10"] = "icd10",
        ["http://hl7.org/fhir/sid/icd-10-cm"] = "icd10",
        ["http://fhir.de/CodeSystem/bfarm/icd-10-gm"] = "icd10",
        ["urn:oid:2.16.840.1.113883.6.3"] = "icd10",
        ["urn:oid:2.16.840.1.113883.6.90"] = "icd10",
        ["http://snomed.info/sct"] = "sct",
        ["urn:oid:2.16.840.1.113883.6.96"] = "sct",
        ["http://loinc.org"] = "loinc",
        ["urn:oid:2.16.840.1.113883.6.1"] = "loinc",
        ["http://www.nlm.nih.gov/research/umls/rxnorm"] = "rxnorm",
        ["urn:oid:2.16.840.1.113883.6.88"] = "rxnorm",
        ["http://www.whocc.no/atc"] = "atc",
        ["urn:oid:2.16.840.1.113883.6.73"] = "atc",
        ["http://terminology.hl7.org/CodeSystem/v3-ActCode"] = "actcode",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly List<(string Label, string System, string From, string To)> Spans = [];
    private static readonly FrozenDictionary<(string System, string Code), string[]> Exact = Read();

    /// <summary>The sensitivities of a coding; none for a code or a system that the table does not know.</summary>
    public static IEnumerable<string> LabelsOf(string system, string code)
    {
        if (!Systems.TryGetValue(system, out var name))
            return [];
        // ICD-10 is written with and without its dot; a code in small letters is labelled, too, wherever it comes from.
        var plain = code.Replace(".", "", StringComparison.Ordinal).ToUpperInvariant();
        return [.. Exact.GetValueOrDefault((name, plain)) ?? [], .. Spans.Where(span => span.System == name && Within(plain, span.From, span.To)).Select(span => span.Label)];
    }

    /// <summary>Whether the code's beginning lies in the span, so that sub-codes of a category belong to it.</summary>
    private static bool Within(string code, string from, string to) =>
        code.Length >= from.Length && string.CompareOrdinal(code[..from.Length], from) >= 0 && string.CompareOrdinal(code[..to.Length], to) <= 0;

    private static FrozenDictionary<(string System, string Code), string[]> Read()
    {
        using var table = typeof(SensitiveCodes).Assembly.GetManifestResourceStream("sensitive-codes.txt")
            ?? throw new InvalidOperationException("The table sensitive-codes.txt is not in the assembly. Build Hrms.Domain with its embedded resource.");
        using var reader = new StreamReader(table);
        List<(string Label, string System, string Code)> exact = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var code in words[2..])
            {
                var range = code.Split("..");
                if (range.Length == 2)
                    Spans.Add((words[0], words[1], range[0], range[1]));
                else if (code[^1] == '*')
                    Spans.Add((words[0], words[1], code[..^1], code[..^1]));
                else
                    exact.Add((words[0], words[1], code));
            }
        }
        return exact.GroupBy(row => (row.System, row.Code), row => row.Label).ToFrozenDictionary(rows => rows.Key, rows => rows.ToArray());
    }
}
