using GraphQL;
using Hrms.Api.GraphQL.Consents;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Explaining;

/// <summary>A group that somebody belongs to, there perhaps with a role.</summary>
public sealed record MembershipInput([property: Id] Guid Group, string? Role);

/// <param name="Who">A practitioner, an organisation or a delegate; a care team, a role or an app stands for whoever belongs to it and to nothing else.</param>
/// <param name="Action">VIEW unless another is named.</param>
/// <param name="At">Now unless another instant is named.</param>
/// <param name="App">The OAuth client id of the app they would use.</param>
public sealed record ExplainInput(
    GranteeInput Who, PurposeOfUse Purpose, AccessAction? Action, [property: Id] Guid Record, DateTimeOffset? At, IReadOnlyList<MembershipInput>? Memberships,
    string? App)
{
    internal ExplainAccess ToQuery(Asker asker) => new(
        asker, Who.ToActor(), Purpose, Action ?? AccessAction.View, new RecordId(Record), At,
        Memberships?.Select(membership => new Membership(new ProviderId(membership.Group), membership.Role)).ToList(), App);
}

[Name("Explanation")]
public sealed class ExplanationType(Explanation explanation)
{
    public DateTimeOffset At => explanation.At;

    public bool Permitted => explanation.Decision.Permitted;

    public DecisionReason Reason => explanation.Decision.Reason;

    [Description("In plain words.")]
    public string Text => explanation.Text;

    [Id, Description("The consent, delegation or breaking of the glass that decided.")]
    public Guid? Consent => explanation.Decision.Consent?.Value;

    public int? ConsentVersion => explanation.Decision.ConsentVersion;

    [Description("Which exception of the consent decided, from 0; null: its rule.")]
    public int? Exception => explanation.Decision.Exception;

    [Description("The rule or exception that decided.")]
    public ProvisionTerms? Provision => explanation.Terms is not { } terms ? null
        : new ProvisionTerms(explanation.Decision.Exception is { } exception ? terms.Exceptions[exception] : terms.Rule);

    [Description("Whether an answer about the past took the memberships of now.")]
    public bool MembershipsAssumed => explanation.MembershipsAssumed;
}

/// <summary>Somebody whom the consents name; ANYONE stands for every practitioner whom nothing names.</summary>
[Name("RecordViewer")]
public sealed class RecordViewerType(RecordViewer viewer)
{
    public ActorType Grantee => ActorType.Of(viewer.Grantee);

    [Description("The purposes for which the explanation holds.")]
    public IReadOnlyList<PurposeOfUse> Purposes => viewer.Purposes;

    public ExplanationType Explanation => new(viewer.Explanation);
}
