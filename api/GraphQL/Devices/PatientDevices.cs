using GraphQL;
using Hrms.Api.GraphQL.Devices;
using Hrms.Api.GraphQL.Schema;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>The patient's wearables and hubs.</summary>
public sealed partial class PatientType
{
    [Description("The patient's devices, oldest first, those that were revoked included; null for everybody but the patient.")]
    public Task<IReadOnlyList<DeviceType>?> Devices(IResolveFieldContext context) =>
        Grain(context).DevicesAsync(Asker(context)).OrNull(devices => (IReadOnlyList<DeviceType>)[.. devices.Select(device => new DeviceType(device))]);
}
