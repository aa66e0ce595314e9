using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Hrms.Contracts;

/// <summary>
/// Why somebody asks: a code of HL7's PurposeOfUse (of the code system v3-ActReason), or of another code system. Written as one text: HL7's by the code alone (<c>TREAT</c>), another's
/// as FHIR writes a token, <c>system|code</c>. Two purposes are the same when system and code are, character by character: what one system's code has to do with another's, nobody here knows.
/// There is no other way to one than <see cref="TryParse"/> and <see cref="Find"/>, so that each can be compared.
/// </summary>
[JsonConverter(typeof(PurposeOfUseJsonConverter))]
public sealed partial record PurposeOfUse
{
    /// <summary>The system of HL7's codes.</summary>
    public const string ActReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

    /// <summary>Treatment.</summary>
    public static readonly PurposeOfUse TREAT = new(1, ActReason, nameof(TREAT));

    /// <summary>Emergency treatment.</summary>
    public static readonly PurposeOfUse ETREAT = new(2, ActReason, nameof(ETREAT));

    /// <summary>Break the glass: emergency access that overrides the patient's consent.</summary>
    public static readonly PurposeOfUse BTG = new(3, ActReason, nameof(BTG));

    /// <summary>Coordination of care.</summary>
    public static readonly PurposeOfUse COC = new(4, ActReason, nameof(COC));

    /// <summary>Healthcare payment.</summary>
    public static readonly PurposeOfUse HPAYMT = new(5, ActReason, nameof(HPAYMT));

    /// <summary>Healthcare operations.</summary>
    public static readonly PurposeOfUse HOPERAT = new(6, ActReason, nameof(HOPERAT));

    /// <summary>Healthcare research.</summary>
    public static readonly PurposeOfUse HRESCH = new(7, ActReason, nameof(HRESCH));

    /// <summary>Public health.</summary>
    public static readonly PurposeOfUse PUBHLTH = new(8, ActReason, nameof(PUBHLTH));

    /// <summary>Healthcare marketing.</summary>
    public static readonly PurposeOfUse HMARKT = new(9, ActReason, nameof(HMARKT));

    /// <summary>Legal.</summary>
    public static readonly PurposeOfUse HLEGAL = new(10, ActReason, nameof(HLEGAL));

    /// <summary>At the patient's own request.</summary>
    public static readonly PurposeOfUse PATRQT = new(11, ActReason, nameof(PATRQT));

    /// <summary>Family or other person on the patient's behalf.</summary>
    public static readonly PurposeOfUse FAMRQT = new(12, ActReason, nameof(FAMRQT));

    /// <summary>HL7's codes that are known here, by <see cref="Number"/>.</summary>
    public static readonly IReadOnlyList<PurposeOfUse> OfHl7 = [TREAT, ETREAT, BTG, COC, HPAYMT, HOPERAT, HRESCH, PUBHLTH, HMARKT, HLEGAL, PATRQT, FAMRQT];

    // Under other names than ActReason these are HL7's codes as well: taken for another system's, a denial by the one name would not meet a question by the other.
    private static readonly string[] AlsoHl7 =
        ["http://terminology.hl7.org/", "https://terminology.hl7.org/", "http://hl7.org/", "https://hl7.org/", "http://www.hl7.org/", "urn:oid:2.16.840.1.113883.5.", "urn:oid:2.16.840.1.113883.1."];

    private PurposeOfUse(int number, string system, string code) => (Number, System, Code) = (number, system, code);

    /// <summary>1 to 12 for HL7's, in storage and on the wire for ever; 0 for those of other systems.</summary>
    public int Number { get; }

    /// <summary>The code system's URI.</summary>
    public string System { get; }

    public string Code { get; }

    /// <summary>The purpose with a code of a system; null when it can't be one: no URI and code of 1 to <see cref="Limits.CodeLengthMax"/> characters each, or an unknown code of HL7's.</summary>
    public static PurposeOfUse? Find(string? system, string? code)
    {
        if (system == ActReason)
            return OfHl7.FirstOrDefault(purpose => purpose.Code == code);
        return system is { Length: <= Limits.CodeLengthMax } && code is { Length: <= Limits.CodeLengthMax }
            && SystemForm().IsMatch(system) && CodeForm().IsMatch(code) && !AlsoHl7.Any(hl7 => system.StartsWith(hl7, StringComparison.OrdinalIgnoreCase))
            ? new PurposeOfUse(0, system, code)
            : null;
    }

    /// <summary>Reads what <see cref="ToString"/> writes; HL7's codes with their system, too.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PurposeOfUse? purpose)
    {
        purpose = text?.Split('|') switch
        {
            [var code] => Find(ActReason, code),
            [var system, var code] => Find(system, code),
            _ => null,
        };
        return purpose is not null;
    }

    public override string ToString() => Number > 0 ? Code : $"{System}|{Code}";

    // RFC 3986: a scheme, then what may stand in a URI. The bar parts system and code.
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*:[!-{}~]+\z")]
    private static partial Regex SystemForm();

    // FHIR R4, 2.24.0.1, code: no space at either end, none twice; nothing that does not show.
    [GeneratedRegex(@"^[^\s\p{C}|]+( [^\s\p{C}|]+)*\z")]
    private static partial Regex CodeForm();
}
