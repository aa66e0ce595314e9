using Hrms.Contracts;

namespace Hrms.Api.Identity.OAuth;

/// <summary>Resource scopes in plain words, for the consent screen: "see your measurements and test results (laboratory only)".</summary>
internal static class ScopeWords
{
    /// <summary>Types as people call them. The others are named as FHIR does.</summary>
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["AllergyIntolerance"] = "allergies",
        ["Appointment"] = "appointments",
        ["CarePlan"] = "care plans",
        ["CareTeam"] = "care team",
        ["Claim"] = "bills",
        ["Condition"] = "illnesses and health problems",
        ["Consent"] = "consent papers",
        ["Coverage"] = "insurance",
        ["Device"] = "medical devices",
        ["DiagnosticReport"] = "reports of examinations",
        ["DocumentReference"] = "documents",
        ["Encounter"] = "visits and hospital stays",
        ["ExplanationOfBenefit"] = "what insurance paid",
        ["FamilyMemberHistory"] = "illnesses in the family",
        ["Goal"] = "health goals",
        ["ImagingStudy"] = "images such as X-rays",
        ["Immunization"] = "vaccinations",
        ["MedicationRequest"] = "prescriptions",
        ["MedicationStatement"] = "medicines taken",
        ["Observation"] = "measurements and test results",
        ["Patient"] = "name, date of birth and contact details",
        ["Procedure"] = "operations and treatments",
        ["QuestionnaireResponse"] = "answers to questionnaires",
        ["ServiceRequest"] = "referrals and orders",
    };

    public static string Of(ResourceScope scope, bool asPatient)
    {
        List<string> verbs = [];
        if ((scope.Interactions & (ScopeInteractions.Read | ScopeInteractions.Search)) != ScopeInteractions.None)
            verbs.Add("see");
        if (scope.Interactions.HasFlag(ScopeInteractions.Create))
            verbs.Add("add to");
        if (scope.Interactions.HasFlag(ScopeInteractions.Update))
            verbs.Add("change");
        var what = scope.ResourceType is not { } type ? "whole record, but not your consents and who looked" : Types.GetValueOrDefault(type, $"entries of the kind {type}");
        var only = scope.Category is { } category ? $" (only {category.Code})" : "";
        var verb = string.Join(" and ", verbs);
        if (!asPatient)
            return scope.Context == ScopeContext.Patient ? $"{verb} this patient's {what}{only}" : $"{verb} the {what}{only} of everybody whose record you may see";
        return $"{verb} your {what}{only}" + (scope.Context == ScopeContext.Patient ? "" : ", and the same of everybody whose record you may see");
    }
}
