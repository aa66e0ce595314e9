using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Domain.Patients;

/// <summary>Which devices may send for a patient.</summary>
public static class DeviceRules
{
    public const int DevicesMax = 100;

    public static Decided<PatientEvent> Register(PatientState state, RegisterDevice command, DateTimeOffset now)
    {
        if (!ConsentRules.IsPatient(state, command.Asker))
            return Refusal.NotFound("No such patient.");
        if (string.IsNullOrWhiteSpace(command.Name) || command.Name.Length > 200)
            return new Refusal(RefusalCode.Invalid, "A device has a name of 1 to 200 characters.", "name");
        var id = DeviceId.From(command.Command);
        if (state.Devices.TryGetValue(id.Value, out var existing))
        {
            return existing.Name == command.Name
                ? Decided<PatientEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "This command id was used for another name. Use a new one.", "commandId");
        }
        if (state.Devices.Count >= DevicesMax)
            return new Refusal(RefusalCode.LimitExceeded, $"A patient has at most {DevicesMax} devices.");
        return new DeviceRegistered(now, id, command.Name);
    }
}
