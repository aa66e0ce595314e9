using GraphQL;
using Hrms.Api.GraphQL.Consents;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.BreakGlass;

/// <summary>Somebody saw, or could have seen, a part of the record although no consent allowed it.</summary>
[Name("BrokenGlass")]
public sealed class BrokenGlassType(BrokenGlassView view)
{
    [Id]
    public Guid Id => view.Id.Value;

    [Id]
    public Guid Patient => view.Patient.Value;

    public ActorType By => ActorType.Of(view.By);

    [Description("Why it could not wait, in the words of who broke it.")]
    public string Reason => view.Reason;

    [Description("What was opened, and to whom, written as a rule.")]
    public ProvisionTerms Scope => new(new Provision(ProvisionType.Permit, view.By, [PurposeOfUse.BTG], [AccessAction.View, AccessAction.Query], view.Scope));

    public DateTimeOffset At => view.At;

    public DateTimeOffset Until => view.Until;

    [Id, Description("The organisations that answer for it; none: operators do.")]
    public IReadOnlyList<Guid> Organizations => [.. view.Organizations.Select(organization => organization.Value)];

    public GlassReviewType Review => new(view.Review);

    [Description("The event of the patient's stream that holds it: what a proof is asked for.")]
    public long StreamVersion => view.StreamVersion;
}

/// <summary>How far the review is.</summary>
[Name("GlassReview")]
public sealed class GlassReviewType(GlassReviewView review)
{
    public GlassReviewStatus Status => review.Status;

    [Description("Whether it was not closed in time: operators see it, too.")]
    public bool Escalated => review.Escalated;

    [Description("When it escalates unless it is closed.")]
    public DateTimeOffset DueAt => review.DueAt;

    public GlassFinding? Finding => review.Finding;

    public string? Note => review.Note;

    public ActorType? FoundBy => review.FoundBy is { } by ? ActorType.Of(by) : null;

    public DateTimeOffset? FoundAt => review.FoundAt;

    public ActorType? ClosedBy => review.ClosedBy is { } by ? ActorType.Of(by) : null;

    public DateTimeOffset? ClosedAt => review.ClosedAt;
}
