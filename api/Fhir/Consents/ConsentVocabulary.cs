using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir.Consents;

/// <summary>
/// Code systems of a FHIR R4 Consent as IHE PCF uses them, and ours (<c>urn:hrms:…</c>) for what FHIR has no code for. Ours in a <c>modifierExtension</c> change
/// what a provision means, so that who does not know them may not go on (FHIR R4, 2.4.0.1).
/// </summary>
internal static class ConsentVocabulary
{
    private const string Hl7 = "http://terminology.hl7.org/CodeSystem/";

    public const string ConfidentialitySystem = Hl7 + "v3-Confidentiality", ActCode = Hl7 + "v3-ActCode",
        ParticipationType = Hl7 + "v3-ParticipationType", RoleCode = Hl7 + "v3-RoleCode", ConsentAction = Hl7 + "consentaction",
        ConsentScope = Hl7 + "consentscope", Loinc = "http://loinc.org";

    public const string ActionSystem = "urn:hrms:access-action", ClassSystem = "urn:hrms:data-class", ClientId = "urn:hrms:client-id", Grantee = "urn:hrms:grantee";

    /// <summary>Samples at this resolution only; repeats.</summary>
    public const string Resolution = "urn:hrms:resolution";

    /// <summary>Until when who receives data may keep them.</summary>
    public const string KeepUntil = "urn:hrms:keep-until";

    /// <summary>How often the consent may be used, as Timing.repeat.</summary>
    public const string Frequency = "urn:hrms:frequency";

    /// <summary>Labels and confidentialities must both hold, authors and encounters, too; single records are added to what the rest chooses.</summary>
    public const string Together = "urn:hrms:criteria-hold-together";

    /// <summary>The nested provisions hold only within the data of the root; without it a nested permit adds to them, as in IHE PCF.</summary>
    public const string Inside = "urn:hrms:exceptions-inside-rule";

    /// <summary>What FHIR's <c>access</c> covers: all that shows data without giving a copy away.</summary>
    public static readonly AccessAction[] Access = [Contracts.AccessAction.View, Contracts.AccessAction.Query, Contracts.AccessAction.Stream];

    public static string CodeOf<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());

    public static T? Find<T>(string? code) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (CodeOf(value) == code)
                return value;
        }
        return null;
    }

    /// <summary>HL7's codes are the names of these enums as they are.</summary>
    public static T? FindName<T>(string? code) where T : struct, Enum => Enum.GetNames<T>().Contains(code) ? Enum.Parse<T>(code!) : null;
}
