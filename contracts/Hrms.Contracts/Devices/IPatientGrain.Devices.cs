using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>The patient's wearables and hubs: which there are, and with which key each signs what it sends.</summary>
public partial interface IPatientGrain
{
    /// <summary>Begins the enrolment of a device. Only this answer has the code for it, while it is open.</summary>
    [Alias("RegisterDevice")]
    Task<Outcome<DeviceView>> RegisterDeviceAsync(RegisterDevice command);

    /// <summary>The device registers its key with the code that the patient gave it. Called by the ingestion edge; whatever is wrong, there is no such device.</summary>
    [Alias("EnrolDevice")]
    Task<Outcome<DeviceView>> EnrolDeviceAsync(EnrolDevice command);

    /// <summary>The device sends nothing any more. When this answers, nothing that it sent before is still being stored.</summary>
    [Alias("RevokeDevice")]
    Task<Outcome<DeviceView>> RevokeDeviceAsync(RevokeDevice command);

    /// <summary>All devices, oldest first. Only for the patient.</summary>
    [Alias("Devices"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<DeviceView>>> DevicesAsync(Asker asker);

    /// <summary>The key that a device signs with, as SubjectPublicKeyInfo; null: the device is not the patient's, or may not send now. Asked by the device's grain.</summary>
    [Alias("DeviceKey"), AlwaysInterleave]
    Task<byte[]?> DeviceKeyAsync(DeviceId device);
}
