using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Devices;

/// <summary>A wearable or a hub that sends samples for the patient.</summary>
[Name("Device")]
public sealed class DeviceType(DeviceView view)
{
    [Id]
    public Guid Id => view.Id.Value;

    public string Name => view.Name;

    public DeviceStatus Status => view.Status;

    public DateTimeOffset RegisteredAt => view.RegisteredAt;

    [Description("Who registered it: the patient, or a delegate. Null: from before this was kept.")]
    public ActorType? By => view.By is { } by ? ActorType.Of(by) : null;

    [Description("When it registered its key.")]
    public DateTimeOffset? EnrolledAt => view.EnrolledAt;

    public DateTimeOffset? RevokedAt => view.RevokedAt;
}
