using System.Collections.Frozen;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>
/// Classes of the categories that Observation, DiagnosticReport and ServiceRequest carry. Sources: R4 code system
/// observation-category, US Core category, HL7 v2 table 0074 (diagnostic service sections), LOINC parts and SNOMED CT concepts of US Core.
/// The code systems don't collide, so the code alone is the key.
/// </summary>
internal static class CategoryClasses
{
    /// <summary>Types whose category an app's scope may name: those for which US Core asks it of servers.</summary>
    public static readonly FrozenSet<string> TypesInScopes = ["Condition", "DiagnosticReport", "DocumentReference", "Observation", "ServiceRequest"];

    private static readonly FrozenDictionary<string, DataClass> Categories = Table(
        (DataClass.Laboratory, "laboratory LAB AU BG BLB CG CH CP CTH HM IMM LP7839-6 MB MCB MYC PAR PAT SP SR TX URN VR 108252007"),
        (DataClass.Imaging, "imaging RAD RX CT NMR NMS NRS OUS RUS VUS CUS XRC IMG LP29684-5 363679005"),
        (DataClass.VitalSigns, "vital-signs exam"),
        (DataClass.SocialHistory, "social-history survey activity sdoh functional-status disability-status cognitive-status"),
        (DataClass.Procedures, "procedure therapy EC EN OT OTH PF PHR PT RC RT SUR 387713003 LP29708-2"),
        (DataClass.Genomics, "GE genomics genetics"),
        (DataClass.CarePlans, "treatment-intervention-preference care-experience-preference"),
        (DataClass.Legal, "observation-adi-documentation"));

    /// <summary>LOINC codes of Observations that often come without a category: R4 vital signs profiles, smoking status, genomics.</summary>
    private static readonly FrozenDictionary<string, DataClass> LoincCodes = Table(
        (DataClass.VitalSigns,
            "85353-1 9279-1 8867-4 2708-6 59408-5 8310-5 8302-2 8306-3 8287-5 9843-4 29463-7 3141-9 39156-5 85354-9 55284-4 8480-6 8462-4"),
        (DataClass.SocialHistory, "72166-2 11367-0 74013-4 11331-6 82810-3"),
        (DataClass.Genomics, "51969-4 69548-6 81247-9 53041-0 82120-7"));

    public static DataClass? Of(string? category) => category is not null && Categories.TryGetValue(category, out var known) ? known : null;

    public static DataClass? OfLoinc(string? code) => code is not null && LoincCodes.TryGetValue(code, out var known) ? known : null;

    private static FrozenDictionary<string, DataClass> Table(params (DataClass Class, string Codes)[] rows) =>
        rows.SelectMany(row => row.Codes.Split(' ').Select(code => KeyValuePair.Create(code, row.Class))).ToFrozenDictionary(StringComparer.Ordinal);
}
