using System.Text.Json.Nodes;
using Hrms.Contracts;

namespace Hrms.Api.Fhir.Consents;

/// <summary>Writes a consent as a FHIR R4 Consent that <see cref="ConsentReader"/> reads as the same terms. What its FHIR form said besides its provision comes back as it came.</summary>
internal static class ConsentWriter
{
    public static JsonObject Write(ConsentView consent, Guid? patient)
    {
        var resource = consent.Paper is { } paper ? JsonNode.Parse(paper)!.AsObject() : Plain(consent, patient);
        // An amended consent says something else than the words that it was given in.
        if (consent.Version > 1)
            resource.Remove("text");
        resource["id"] = consent.Id.ToString();
        resource["status"] = consent.Status == ConsentStatus.Active ? "active" : "inactive";
        var written = resource["provision"];
        resource["provision"] = PaperWords.In(written).AddTo(Provision(consent.Terms, written is null ? ReferenceTypes.None : ReferenceTypes.In(written)));
        return resource;
    }

    /// <summary>The root provision.</summary>
    /// <param name="types">The FHIR types of the ids that it names, where one id may be of several; what is not there is written by its likeliest.</param>
    public static JsonObject Provision(ConsentTerms terms, ReferenceTypes types)
    {
        var carved = IsCarved(terms);
        var rule = carved ? terms.Exceptions[0] with { Purposes = terms.Rule.Purposes, Actions = terms.Rule.Actions } : terms.Rule;
        var exceptions = terms.Exceptions.Skip(carved ? 1 : 0).ToList();
        var root = ProvisionWriter.Write(rule, terms.Rule.Grantee.Kind == ActorKind.Anyone, types);
        ProvisionWriter.Put(root, "period", terms.Validity is { From: null, Until: null } ? null : ProvisionWriter.Of(terms.Validity));
        if (!carved && exceptions.Count > 0 && rule.Type == ProvisionType.Permit && !ConsentReader.IsAll(rule.Data))
            ProvisionWriter.Modify(root, ConsentVocabulary.Inside, "valueBoolean", true);
        if (terms.KeepUntil is { } keep)
            ProvisionWriter.Modify(root, ConsentVocabulary.KeepUntil, "valueDateTime", FhirTime.Instant(keep));
        if (terms.Frequency is { } often)
        {
            ProvisionWriter.Modify(root, ConsentVocabulary.Frequency, "valueTiming", new JsonObject
            {
                ["repeat"] = new JsonObject { ["frequency"] = often.Frequency, ["period"] = often.Period, ["periodUnit"] = ConsentReader.Units.Single(unit => unit.Value == often.PeriodUnit).Key },
            });
        }
        ProvisionWriter.Put(root, "provision", ProvisionWriter.Items(
            exceptions.Select(exception => ProvisionWriter.Write(exception, exception.Grantee == terms.Rule.Grantee, types))));
        return root;
    }

    /// <summary>Whether the terms are the form that the reader makes of a permit with data and exceptions: forbid everything, permit the data, then the exceptions.</summary>
    private static bool IsCarved(ConsentTerms terms) =>
        terms is { Rule.Type: ProvisionType.Deny, Exceptions: [{ Type: ProvisionType.Permit, Purposes.Count: 0, Actions.Count: 0 } first, _, ..] }
        && ConsentReader.IsAll(terms.Rule.Data) && !ConsentReader.IsAll(first.Data) && first.Grantee == terms.Rule.Grantee;

    /// <summary>What a consent that was given without a resource says besides its terms.</summary>
    private static JsonObject Plain(ConsentView consent, Guid? patient)
    {
        var resource = new JsonObject
        {
            ["resourceType"] = "Consent",
            ["scope"] = Concept(ConsentVocabulary.ConsentScope, "patient-privacy"),
            ["category"] = new JsonArray(Concept(ConsentVocabulary.Loinc, "59284-0")),
            ["dateTime"] = FhirTime.Instant(consent.GrantedAt),
            ["policyRule"] = Concept(ConsentVocabulary.ActCode, "OPTIN"),
        };
        if (patient is { } id)
            resource["patient"] = new JsonObject { ["reference"] = $"Patient/{id:D}" };
        return resource;
    }

    private static JsonObject Concept(string system, string code) => new() { ["coding"] = new JsonArray(ProvisionWriter.Coding(system, code)) };
}
