using GraphQL;
using Hrms.Api.GraphQL.Consents;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Previewing;

/// <param name="Consent">Nothing given: a new consent.</param>
/// <param name="Terms">Nothing given: the consent is revoked.</param>
public sealed record PreviewConsentInput([property: Id] Guid? Consent, ConsentTermsInput? Terms)
{
    internal PreviewConsent ToQuery(Asker asker) => new(asker, Consent is { } id ? new ConsentId(id) : null, Terms?.ToTerms());
}

[Name("ConsentPreview")]
public sealed class ConsentPreviewType(ConsentPreview preview)
{
    [Description("Who would see more or fewer records.")]
    public IReadOnlyList<VisibilityChangeType> Visibility => [.. preview.Visibility.Select(change => new VisibilityChangeType(change))];

    [Description("Accesses of the last 90 days that would come out otherwise.")]
    public IReadOnlyList<AccessChangeType> Accesses => [.. preview.Accesses.Select(change => new AccessChangeType(change))];

    [Description("Whether all accesses of the last 90 days were looked at; no: the newest 10,000.")]
    public bool AllAccesses => preview.AllAccesses;

    [Description("What may be wrong with the consent as it would be. A consent that is not given yet has the id of zeros.")]
    public IReadOnlyList<ConsentFindingType> Findings => [.. preview.Findings.Select(finding => new ConsentFindingType(finding))];
}

[Name("VisibilityChange")]
public sealed class VisibilityChangeType(VisibilityChange change)
{
    public ActorType Grantee => ActorType.Of(change.Grantee);

    [Description("Whether they would gain or lose the records.")]
    public bool Gains => change.Gains;

    public IReadOnlyList<PurposeOfUse> Purposes => change.Purposes;

    public int RecordCount => change.Records;

    public IReadOnlyList<DataClass> Classes => change.Classes;

    [Description("In plain words.")]
    public string Text => change.Text;
}

[Name("AccessChange")]
public sealed class AccessChangeType(AccessChange change)
{
    public ActorType Actor => ActorType.Of(change.Actor);

    [Description("Whether what was refused would be permitted, or what was permitted refused.")]
    public bool Gains => change.Gains;

    public PurposeOfUse Purpose => change.Purpose;

    public int AccessCount => change.Accesses;

    public DateTimeOffset LastAt => change.LastAt;

    [Description("In plain words.")]
    public string Text => change.Text;
}

[Name("ConsentFinding")]
public sealed class ConsentFindingType(ConsentFinding finding)
{
    public ConsentFindingKind Kind => finding.Kind;

    [Id]
    public Guid Consent => finding.Consent.Value;

    [Description("Which exception, from 0; null: the rule.")]
    public int? Exception => finding.Exception;

    [Id, Description("The consent that it stands against.")]
    public Guid? Other => finding.Other?.Value;

    [Description("In plain words.")]
    public string Text => finding.Text;
}
