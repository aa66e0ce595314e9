using System.Security.Cryptography;
using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Domain.Patients;

/// <summary>Which devices may send for a patient: who registers them, how they come to their key, and who ends them. Called by the patient's grain.</summary>
public static class DeviceRules
{
    /// <param name="secret">Of the new device's code: random.</param>
    public static Decided<PatientEvent> Register(PatientState state, RegisterDevice command, byte[] secret, DateTimeOffset now)
    {
        if (!ConsentRules.MayAct(state, command.Asker, now))
            return Refusal.NotFound("No such patient.");
        if (string.IsNullOrWhiteSpace(command.Name) || command.Name.Length > Limits.DeviceNameMax)
            return new Refusal(RefusalCode.Invalid, $"A device has a name of 1 to {Limits.DeviceNameMax} characters.", "name");
        var id = DeviceId.From(state.Id, command.Command);
        if (state.Devices.TryGetValue(id.Value, out var existing))
        {
            return existing.Name == command.Name
                ? Decided<PatientEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "This command id was used for another name. Use a new one.", "commandId");
        }
        if (state.Devices.Values.Count(device => !device.IsForgottenAt(now)) >= Limits.DevicesMax)
            return new Refusal(RefusalCode.LimitExceeded, $"A patient has at most {Limits.DevicesMax} devices.");
        return new DeviceRegistered(now, id, command.Name, command.Asker.Actor, secret, now + Limits.EnrolmentCodeLife);
    }

    /// <summary>Whoever brings the code in time registers a key, once. Everything else is answered as for a device that never was.</summary>
    public static Decided<PatientEvent> Enrol(PatientState state, EnrolDevice command, DateTimeOffset now)
    {
        if (state.Devices.GetValueOrDefault(command.Device.Value) is not { Secret: { } secret, RevokedAt: null } device || !(now < device.SecretUntil)
            || !CryptographicOperations.FixedTimeEquals(secret, command.Secret))
            return NoSuchDevice;
        // Who signed out everywhere because somebody else was in the account, ended what that one had begun, too.
        if (state.Tokens.RaisedAt >= device.RegisteredAt)
            return NoSuchDevice;
        if (device.PublicKey is null)
            return new DeviceEnrolled(now, device.Id, command.PublicKey);
        // Its own answer was lost; with another key it is somebody else.
        return device.PublicKey.AsSpan().SequenceEqual(command.PublicKey) ? Decided<PatientEvent>.AlreadyDone : NoSuchDevice;
    }

    public static Decided<PatientEvent> Revoke(PatientState state, RevokeDevice command, DateTimeOffset now)
    {
        if (!ConsentRules.MayAct(state, command.Asker, now))
            return Refusal.NotFound("No such patient.");
        if (state.Devices.GetValueOrDefault(command.Device.Value) is not { } device)
            return NoSuchDevice;
        // Ending it twice is the same wish, under whichever command id.
        return device.RevokedAt is null ? new DeviceRevoked(now, device.Id, command.Asker.Actor) : Decided<PatientEvent>.AlreadyDone;
    }

    /// <summary>The key that a device's requests have to be signed with; null: it may not send.</summary>
    public static byte[]? KeyOf(PatientState state, DeviceId device) =>
        state.Devices.GetValueOrDefault(device.Value) is { RevokedAt: null } known ? known.PublicKey : null;

    public static Refusal NoSuchDevice { get; } = Refusal.NotFound("No such device.");
}
