using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Contracts;

namespace Hrms.Api.Ingestion;

/// <summary>What is known of a device whose signature was good, as claims: its party as every edge reads it, and what it signed.</summary>
public static class DeviceClaims
{
    public const string Device = HrmsClaims.Device, Patient = HrmsClaims.Patient;

    /// <summary>SHA-256 of what the device signed, base64.</summary>
    private const string Signed = "signed";

    /// <summary>A device adds samples, and does nothing else.</summary>
    private const string Scope = "patient/Observation.c";

    public static ClaimsPrincipal PrincipalOf(DeviceId device, PatientId patient, byte[] signed, string scheme) => new(new ClaimsIdentity(
        [
            new(HrmsClaims.Role, HrmsRoles.Device), new(Device, $"{device}"), new(Patient, $"{patient}"), new(HrmsClaims.Scope, Scope), new(Signed, Convert.ToBase64String(signed)),
        ], scheme, Device, HrmsClaims.Role));

    /// <summary>The device that sends, or null: it was not a device that signed.</summary>
    public static DeviceId? DeviceOf(ClaimsPrincipal user) => IdOf(user, Device) is { } id ? new DeviceId(id) : null;

    /// <summary>The patient whose device it is.</summary>
    public static PatientId? PatientOf(ClaimsPrincipal user) => IdOf(user, Patient) is { } id ? new PatientId(id) : null;

    /// <summary>SHA-256 of what the device signed.</summary>
    public static byte[]? SignedBy(ClaimsPrincipal user) => user.FindFirst(Signed)?.Value is { } text ? Convert.FromBase64String(text) : null;

    private static Guid? IdOf(ClaimsPrincipal user, string claim) =>
        Guid.TryParseExact(user.FindFirst(claim)?.Value, "D", out var id) ? id : null;
}
