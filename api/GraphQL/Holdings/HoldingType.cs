using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Holdings;

/// <summary>Somebody received data under a consent.</summary>
[Name("Holding")]
public sealed class HoldingType(HoldingView view)
{
    [Id]
    public Guid Consent => view.Consent.Value;

    public ActorType Holder => ActorType.Of(view.Holder);

    [Description("When it first did, since it last purged.")]
    public DateTimeOffset Since => view.Since;

    [Description("Until when it must be purged: the consent's keep-until, or 30 days after its revocation; null: not yet.")]
    public DateTimeOffset? PurgeBy => view.PurgeBy;

    public DateTimeOffset? PurgedAt => view.PurgedAt;

    public HoldingStatus Status => view.Status;
}

/// <summary>What the asker must purge.</summary>
[Name("PurgeDuty")]
public sealed class PurgeDutyType(PurgeDuty duty)
{
    [Id]
    public Guid Patient => duty.Patient.Value;

    [Id]
    public Guid Consent => duty.Consent.Value;

    public DateTimeOffset PurgeBy => duty.PurgeBy;
}
