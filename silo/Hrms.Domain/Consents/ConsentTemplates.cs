using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>The product's templates, in plain names. Each is a consent like one that is written by hand; none ends by itself, since who gives it says until when.</summary>
public static class ConsentTemplates
{
    private static readonly PurposeOfUse[] Care = [PurposeOfUse.TREAT, PurposeOfUse.ETREAT, PurposeOfUse.COC];
    private static readonly AccessAction[] Look = [AccessAction.View, AccessAction.Query];

    public static IReadOnlyList<ConsentTemplate> All { get; } =
    [
        Template("my-gp", "My GP, for treatment", "Sees everything and adds to it, for treatment and its coordination.", Care, [.. Look, AccessAction.Store, AccessAction.Stream], DataFilter.All),
        Template(
            "emergency-contact", "Emergency contact", "Sees allergies, conditions, medications and immunizations in an emergency, or on my behalf.",
            [PurposeOfUse.ETREAT, PurposeOfUse.FAMRQT], Look,
            Of(DataClass.Demographics, DataClass.Allergies, DataClass.Conditions, DataClass.Medications, DataClass.Immunizations)),
        Template("labs-only", "Laboratory only", "Sees laboratory results, for treatment and its coordination.", Care, Look, Of(DataClass.Laboratory)),
        Template(
            "research-daily-means", "Research, daily means only", "Sees what my wearables measure as one value a day, never the single samples, for research.",
            [PurposeOfUse.HRESCH], Look, Of(DataClass.Wearables) with { Resolutions = [SampleResolution.Day] }),
        Template(
            "nothing-restricted", "Nothing restricted", "Sees everything but what is restricted or carries a sensitivity label, for treatment and its coordination.",
            Care, Look, DataFilter.All, DataFilter.All with { Confidentialities = [Confidentiality.R, Confidentiality.V] }),
        Template("insurer-claims", "My insurer, claims only", "Sees claims and benefits, for payment.", [PurposeOfUse.HPAYMT], Look, Of(DataClass.Financial)),
    ];

    /// <summary>A template's terms for somebody: they stand wherever the template's example stood.</summary>
    public static ConsentTerms For(this ConsentTemplate template, Actor grantee, Period validity)
    {
        var example = template.Terms.Rule.Grantee;
        return template.Terms with
        {
            Rule = template.Terms.Rule with { Grantee = grantee },
            Exceptions = [.. template.Terms.Exceptions.Select(exception => exception.Grantee == example ? exception with { Grantee = grantee } : exception)],
            Validity = validity,
        };
    }

    private static ConsentTemplate Template(
        string code, string name, string description, PurposeOfUse[] purposes, AccessAction[] actions, DataFilter data, DataFilter? but = null)
    {
        var example = Actor.Practitioner(default);
        return new ConsentTemplate(code, name, description, new ConsentTerms(
            new Provision(ProvisionType.Permit, example, purposes, actions, data),
            but is null ? [] : [new Provision(ProvisionType.Deny, example, [], [], but)], Period.Always));
    }

    private static DataFilter Of(params DataClass[] classes) => DataFilter.All with { Classes = classes };
}
