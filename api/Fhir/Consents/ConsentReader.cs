using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir.Consents;

/// <summary>A FHIR Consent as the patient's grain takes it.</summary>
/// <param name="Paper">The resource as it came, without what a server sets: what it says besides its provision is given back with the consent.</param>
public sealed record ConsentDraft(ConsentTerms Terms, string Paper);

/// <summary>
/// Reads a FHIR R4 Consent in the manner of IHE PCF (Privacy Consent on FHIR, volume 3) into terms: the root provision becomes the rule, those in it the exceptions.
/// What the terms can't hold is refused with its place, never dropped. A permit of some data with exceptions becomes what PCF says it means: everything forbidden, these data
/// permitted, then the exceptions. Pure; called by GraphQL's <c>grantConsentResource</c>.
/// </summary>
public static class ConsentReader
{
    private const int PaperSizeBytes = 64 * 1024;

    internal static readonly Dictionary<string, PeriodUnit> Units = new() { ["min"] = PeriodUnit.Minute, ["h"] = PeriodUnit.Hour, ["d"] = PeriodUnit.Day, ["wk"] = PeriodUnit.Week };

    private static readonly string[] Known =
    [
        "resourceType", "id", "meta", "language", "text", "identifier", "status", "scope", "category", "patient", "dateTime", "performer", "organization", "sourceReference",
        "sourceAttachment", "policy", "policyRule", "verification", "provision",
    ];

    private static readonly string[] KnownAtRoot = ["period", "provision", .. ProvisionReader.Known];

    public static Outcome<ConsentDraft> Read(ReadOnlyMemory<byte> utf8Json, PatientId patient)
    {
        var parsed = JsonGuard.Parse(utf8Json, FhirLimits.Default with { BodySizeBytes = PaperSizeBytes });
        if (!parsed.Succeeded)
            return parsed.Refusal;
        using var document = parsed.Value;
        var consent = document.RootElement;
        if (FhirValidation.CheckType(consent, null) is { } notFhir)
            return notFhir;
        if (consent.Text("resourceType") != "Consent")
            return new Refusal(RefusalCode.Invalid, "A Consent is expected here.", "resourceType");
        if (FhirValidation.CheckResource(consent, FhirLimits.Default) is { } invalid)
            return invalid;
        try
        {
            CheckHead(consent, patient);
            return new ConsentDraft(Terms(consent.GetProperty("provision")), Paper(consent));
        }
        catch (NotHeldException notHeld)
        {
            return notHeld.Refusal;
        }
    }

    internal static bool IsAll(DataFilter data) => !data.Narrows && data.Records.Count == 0;

    /// <summary>Whether FHIR would leave open how the criteria go together.</summary>
    internal static bool NeedsTogether(DataFilter data) =>
        (data.Labels.Count > 0 && data.Confidentialities is { Count: > 0 })
        || (data.Authors.Count > 0 && data.Encounters.Count > 0)
        || (data.Records.Count > 0 && data.Narrows);

    private static void CheckHead(JsonElement consent, PatientId patient)
    {
        NotHeldException.UnlessKnown(consent, "Consent", Known);
        NotHeldException.If(consent.Text("status") != "active", "Consent.status", "A consent is given as active; drafts are kept elsewhere, and an ended one is revoked.");
        NotHeldException.If(
            consent.GetProperty("scope").Items("coding").All(coding => coding.Text("code") != "patient-privacy"), "Consent.scope",
            "Only consents of the scope patient-privacy are decided on here.");
        NotHeldException.If(
            consent.TryGetProperty("patient", out var named) && named.Text("reference") != $"Patient/{patient}", "Consent.patient", $"The consent must be of Patient/{patient}.");
        NotHeldException.If(
            consent.TryGetProperty("policyRule", out var rule) && (rule.Items("coding").ToList() is not { Count: > 0 } codings
                || codings.Exists(coding => coding.Text("code") != "OPTIN" || coding.Text("system") is not (null or ConsentVocabulary.ActCode))), "Consent.policyRule",
            "Here a consent begins from nothing permitted (OPTIN). What holds without any consent is the patient's default policy, a choice of its own.");
        RefuseModifiers(consent, "policy", "authority", "uri");
        RefuseModifiers(consent, "verification", "verified", "verifiedWith", "verificationDate");
        NotHeldException.If(!consent.TryGetProperty("provision", out _), "Consent.provision", "A consent says something in a provision; without one it would mean nothing here.");
    }

    /// <summary>Parts that decide nothing are kept as they are, but not what would change their meaning.</summary>
    private static void RefuseModifiers(JsonElement consent, string name, params string[] known)
    {
        foreach (var (i, part) in consent.Items(name).Index())
            NotHeldException.UnlessKnown(part, $"Consent.{name}[{i}]", known);
    }

    private static ConsentTerms Terms(JsonElement root)
    {
        const string place = "Consent.provision";
        NotHeldException.UnlessKnown(root, place, KnownAtRoot);
        var reader = new ProvisionReader(root, place);
        var rule = reader.Read(Actor.Anyone);
        var exceptions = new List<Provision>();
        foreach (var nested in root.Items("provision"))
        {
            var at = $"{place}.provision[{exceptions.Count}]";
            NotHeldException.If(
                nested.TryGetProperty("provision", out _), $"{at}.provision",
                "A consent has one level of exceptions. Say what this excepts as an exception of its own for whom it is about, or in a consent of its own.");
            NotHeldException.UnlessKnown(nested, at, ProvisionReader.Known);
            var exception = new ProvisionReader(nested, at);
            exceptions.Add(exception.Read(rule.Grantee));
            exception.RefuseTheRest();
        }
        var inside = reader.TakeFlag(ConsentVocabulary.Inside);
        var ofData = rule.Type == ProvisionType.Permit && !IsAll(rule.Data) && exceptions.Count > 0;
        NotHeldException.If(inside && !ofData, $"{place}.modifierExtension", $"{ConsentVocabulary.Inside} says nothing here. Leave it out.");
        var validity = reader.ReadPeriod("period") ?? Period.Always;
        var (keepUntil, frequency) = (reader.TakeKeepUntil(), reader.TakeFrequency());
        reader.RefuseTheRest();
        if (ofData && !inside)
        {
            exceptions.Insert(0, new Provision(ProvisionType.Permit, rule.Grantee, [], [], rule.Data));
            rule = rule with { Type = ProvisionType.Deny, Data = DataFilter.All };
        }
        return new ConsentTerms(rule, exceptions, validity, keepUntil, frequency);
    }

    /// <summary>Ids and versions are the server's; a patient's own id for the consent belongs into <c>identifier</c>.</summary>
    private static string Paper(JsonElement consent)
    {
        var paper = System.Text.Json.Nodes.JsonObject.Create(consent.Clone())!;
        paper.Remove("id");
        if (paper["meta"] is System.Text.Json.Nodes.JsonObject meta)
        {
            meta.Remove("versionId");
            meta.Remove("lastUpdated");
        }
        return paper.ToJsonString();
    }
}
