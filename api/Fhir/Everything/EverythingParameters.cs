using Hrms.Api.Fhir.Consents;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.Extensions;

namespace Hrms.Api.Fhir.Everything;

/// <summary>
/// What is asked of <c>$everything</c> (http://hl7.org/fhir/R4/operation-patient-everything.html): its own parameters, the purpose of use, and where the page before ended. What is not known is
/// refused: a filter that is passed over would give more than was asked for.
/// </summary>
internal sealed record EverythingParameters(IReadOnlyList<string> Types, DateTimeOffset? Since, Period? Care, int Count, PurposeOfUse? Purpose, string? After)
{
    private static readonly string[] Known = ["start", "end", "_since", "_type", "_count", "_format", "purposeOfUse", "after"];

    public static Outcome<EverythingParameters> Read(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            if (!Known.Contains(name))
                return Wrong(name, $"This operation takes {string.Join(", ", Known)} here. Leave the other out.");
            if (values.Count > 1 && name != "_type")
                return Wrong(name, "This is said once.");
            if (values is [null or "", ..])
                return Wrong(name, "This says nothing. Leave it out or give it a value.");
        }
        string[] types = [.. query["_type"].SelectMany(value => value!.Split(','))];
        if (types.FirstOrDefault(type => !FhirValidation.IsResourceType(type)) is { } unknown)
            return Wrong("_type", $"'{unknown}' is no resource type of FHIR R4.");
        if (!Read(query, "_since", FhirValidation.IsInstant, FhirTime.ReadStart, out var since))
            return Wrong("_since", "An instant has a zone, such as 2026-01-31T08:00:00Z; a plus sign is written %2B in an address.");
        if (!Read(query, "start", FhirValidation.IsDate, FhirTime.ReadStart, out var start))
            return Wrong("start", "A date is written 2026, 2026-01 or 2026-01-31.");
        if (!Read(query, "end", FhirValidation.IsDate, FhirTime.ReadEnd, out var end))
            return Wrong("end", "A date is written 2026, 2026-01 or 2026-01-31.");
        var count = Limits.ExportPageSizeMax;
        if (query["_count"] is [{ } number] && (!int.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out count) || count < 1))
            return Wrong("_count", "A page has at least one entry.");
        PurposeOfUse? purpose = null;
        if (query["purposeOfUse"] is [{ } why] && !PurposeOfUse.TryParse(why, out purpose))
            return Wrong("purposeOfUse", "A purpose is a code of HL7's v3-ActReason, such as TREAT, or system|code of another code system.");
        return new EverythingParameters(
            types, since, start is null && end is null ? null : new Period(start, end), Math.Min(count, Limits.ExportPageSizeMax), purpose, query["after"]);
    }

    public ExportRecord ToQuestion(Asker asker) => new(asker, Types, Since, Care, Count, After);

    /// <summary>Whether what is there for what was asked stands beside it.</summary>
    public bool Wants(string type) => Types.Count == 0 || Types.Contains(type);

    /// <summary>The same question for the page that begins there.</summary>
    public static Uri Next(Uri self, IQueryCollection query, string after) => new(self, new QueryBuilder(
        query.Where(parameter => parameter.Key != "after").SelectMany(parameter => parameter.Value.Select(value => KeyValuePair.Create(parameter.Key, value!)))
            .Append(KeyValuePair.Create("after", after))).ToQueryString().Value);

    private static bool Read(IQueryCollection query, string name, Func<string, bool> isOne, Func<string, DateTimeOffset?> read, out DateTimeOffset? value)
    {
        value = query[name] is [{ } text] && isOne(text) ? read(text) : null;
        return query[name].Count == 0 || value is not null;
    }

    private static Refusal Wrong(string name, string message) => new(RefusalCode.Invalid, message, name);
}
