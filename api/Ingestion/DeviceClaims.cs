using System.Security.Claims;
using Hrms.Contracts;

namespace Hrms.Api.Ingestion;

/// <summary>What a device's token says of it. The issuer writes these claims; the ingestion endpoint reads them.</summary>
public static class DeviceClaims
{
    public const string Device = "device", Patient = "patient";

    /// <summary>The device that sends, or null: the token is not a device's.</summary>
    public static DeviceId? DeviceOf(ClaimsPrincipal user) => IdOf(user, Device) is { } id ? new DeviceId(id) : null;

    /// <summary>The patient the token was issued for, when it says so.</summary>
    public static PatientId? PatientOf(ClaimsPrincipal user) => IdOf(user, Patient) is { } id ? new PatientId(id) : null;

    private static Guid? IdOf(ClaimsPrincipal user, string claim) =>
        Guid.TryParseExact(user.FindFirst(claim)?.Value, "D", out var id) ? id : null;
}
