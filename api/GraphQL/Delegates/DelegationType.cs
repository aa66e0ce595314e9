using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Delegates;

/// <summary>Somebody acts, or acted, for the patient.</summary>
[Name("Delegation")]
public sealed class DelegationType(DelegationView view)
{
    [Id]
    public Guid Id => view.Id.Value;

    [Id, Description("The person, by their own patient id.")]
    public Guid Delegate => view.Delegate.Value;

    public DelegateRole Role => view.Role;

    public DelegateLevel Level => view.Level;

    public DelegationStatus Status => view.Status;

    public DateTimeOffset From => view.From;

    [Description("When it ends by itself; null: when somebody ends it.")]
    public DateTimeOffset? Until => view.Until;

    public DateTimeOffset? EndedAt => view.EndedAt;

    [Description("Who appointed: the patient, or an operator at the registration.")]
    public ActorType? By => view.By is { } by ? ActorType.Of(by) : null;

    public ActorType? EndedBy => view.EndedBy is { } by ? ActorType.Of(by) : null;

    [Description("The event of the patient's stream that appointed or ended: what a proof is asked for.")]
    public long StreamVersion => view.StreamVersion;
}
