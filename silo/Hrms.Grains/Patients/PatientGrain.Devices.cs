using Hrms.Contracts;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Patients;

/// <summary>The patient's devices. Each has a grain of its own, which asks this one whether it may send.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<DeviceView>> RegisterDeviceAsync(RegisterDevice command) => CommandAsync(
        command.Asker, "registerDevice",
        () => DeviceRules.Register(State, command, Services.Entropy.Bytes(EnrolmentCode.SecretBytes), Now),
        () => State.Devices[DeviceId.From(Id, command.Command).Value].ViewWithCode(Id, Now));

    public async Task<Outcome<DeviceView>> EnrolDeviceAsync(EnrolDevice command)
    {
        if (IsErased || IsClosed)
            return DeviceRules.NoSuchDevice;
        var decided = DeviceRules.Enrol(State, command, Now);
        if (decided.Refusal is { } refusal)
            return await ConfirmedAsync(refusal);
        if (decided.Events.Count > 0)
            await CommitAsync(decided.Events);
        // Also at a repeat: a crash may have come between the two streams.
        await GrainFactory.Grain<IDeviceGrain>(command.Device.Value).BindAsync(Id);
        return State.Devices[command.Device.Value].View(Now);
    }

    public async Task<Outcome<DeviceView>> RevokeDeviceAsync(RevokeDevice command)
    {
        var revoked = await CommandAsync(
            command.Asker, "revokeDevice", () => DeviceRules.Revoke(State, command, Now), () => State.Devices[command.Device.Value].View(Now));
        // What it sent before may be on its way to the disk: that it is dead is said when nothing of it is under way.
        if (revoked.Succeeded)
            await GrainFactory.Grain<IDeviceGrain>(command.Device.Value).SettleAsync();
        return revoked;
    }

    public Task<Outcome<IReadOnlyList<DeviceView>>> DevicesAsync(Asker asker) => AskAsync(
        asker, AccessAction.View, "devices", judge => judge.ActsAsPatient
            ? Answer.Of(judge.AsPatient, () => (IReadOnlyList<DeviceView>)[.. State.Devices.Values.OrderBy(device => device.RegisteredAt).Select(device => device.View(Now))])
            : Answer.None<IReadOnlyList<DeviceView>>(judge));

    /// <summary>While the ledger holds more than the rows, a revocation may be among what they lack: then no device sends.</summary>
    public async Task<byte[]?> DeviceKeyAsync(DeviceId device)
    {
        await BeNewestAsync();
        return IsErased || IsClosed ? null : DeviceRules.KeyOf(State, device);
    }
}
