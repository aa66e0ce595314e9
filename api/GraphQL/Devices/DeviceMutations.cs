using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Devices;

public sealed class DeviceMutations
{
    [Description(
        "Begins to enrol a wearable or a hub, which may then send samples for the patient. Hand enrolmentCode to the device, which registers its own key with it at /ingest/v1/device-keys: once, and "
        + "before the code expires. For the patient, or a delegate who acts fully.")]
    public static async Task<RegisterDevicePayload> RegisterDevice(RegisterDeviceInput input, IResolveFieldContext context)
    {
        var outcome = await context.Patient(input.Patient).RegisterDeviceAsync(new RegisterDevice(new CommandId(input.CommandId), context.Asker(), input.Name));
        return new RegisterDevicePayload(
            outcome.Succeeded ? new DeviceType(outcome.Value) : null, outcome.Value?.Enrolment?.Code.ToString(), outcome.Value?.Enrolment?.ExpiresAt, UserError.Of(outcome));
    }

    [Description("The device sends nothing any more when this answers; what it sent stays. For the patient, or a delegate who acts fully.")]
    public static async Task<RevokeDevicePayload> RevokeDevice(RevokeDeviceInput input, IResolveFieldContext context)
    {
        var outcome = await context.Patient(input.Patient).RevokeDeviceAsync(new RevokeDevice(new CommandId(input.CommandId), context.Asker(), new DeviceId(input.Device)));
        return new RevokeDevicePayload(outcome.Succeeded ? new DeviceType(outcome.Value) : null, UserError.Of(outcome));
    }
}

public sealed record RegisterDeviceInput([property: Id] Guid CommandId, [property: Id] Guid Patient, string Name);

/// <param name="EnrolmentCode">For the device, and for nobody else. Null: it was used, or is over.</param>
public sealed record RegisterDevicePayload(DeviceType? Device, string? EnrolmentCode, DateTimeOffset? EnrolmentCodeExpiresAt, IReadOnlyList<UserError> Errors) : IPayload;

public sealed record RevokeDeviceInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Device);

public sealed record RevokeDevicePayload(DeviceType? Device, IReadOnlyList<UserError> Errors) : IPayload;
