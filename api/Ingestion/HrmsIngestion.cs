using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Contracts;

namespace Hrms.Api.Ingestion;

/// <summary>Ingestion as the product runs it: what devices sign, into the device's grain.</summary>
public static class HrmsIngestion
{
    public static IServiceCollection AddHrmsIngestion(this IServiceCollection services) => services.AddSingleton<ISampleIntake, GrainIntake>();

    public static void MapHrmsIngestion(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapIngestion().RequireAuthorization(HrmsAuthExtensions.DeviceOnly);
        endpoints.MapDeviceKeys();
    }

    private sealed class GrainIntake(IGrainFactory grains) : ISampleIntake
    {
        public async Task<Outcome<SampleIngestResult>> IngestAsync(
            DeviceId device, ClaimsPrincipal token, PatientId? patient, SampleBatch batch, CancellationToken cancellationToken) =>
            patient is { } owner
                ? await grains.Grain<IDeviceGrain>(device.Value).IngestAsync(CurrentAsker.Of(token), owner, batch with { Signed = DeviceClaims.SignedBy(token) }).WaitAsync(cancellationToken)
                : Refusal.NotFound("No such device.");
    }
}
