using GraphQL;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Delegates;

/// <summary>A patient for whom the viewer acts.</summary>
[Name("Ward")]
public sealed class WardType(Ward ward)
{
    [Id]
    public Guid Patient => ward.Patient.Value;

    [Id, Description("What a delegate names to resign (endDelegation).")]
    public Guid Delegation => ward.Delegation.Value;

    public DelegateRole Role => ward.Role;

    public DelegateLevel Level => ward.Level;

    public DateTimeOffset From => ward.From;

    [Description("When it ends by itself; null: when somebody ends it.")]
    public DateTimeOffset? Until => ward.Until;
}
