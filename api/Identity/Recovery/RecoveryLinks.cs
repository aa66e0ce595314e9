using System.Security.Cryptography;
using System.Text.Json;
using Hrms.Contracts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Hrms.Api.Identity.Recovery;

/// <summary>What the links of our mails carry: sealed, so that only who got the mail can follow it. Whether it still means something the patient's grain says.</summary>
internal sealed class RecoveryLinks(IDataProtectionProvider protection, PublicAddress address, TimeProvider clock)
{
    private readonly IDataProtector _invitations = protection.CreateProtector("hrms/identity/guardian-invitation/1"), _stops = protection.CreateProtector("hrms/identity/stop-recovery/1");

    public Uri ToInvitation(Guid patient, Guid invitation) => address.At($"/account/guardian{QueryString.Create("invitation", Seal(_invitations, new Invitation(patient, invitation)))}");

    public (Guid Patient, Guid Id)? Invited(string? text) => Open<Invitation>(_invitations, text) is { } invitation ? (invitation.Patient, invitation.Id) : null;

    public Uri ToStop(Guid patient) => address.At($"/account/recover/stop{QueryString.Create("token", Seal(_stops, new Stop(patient, clock.GetUtcNow() + Limits.ApprovalGoodFor)))}");

    public Guid? Stopped(string? text) => Open<Stop>(_stops, text) is { } stop && clock.GetUtcNow() < stop.Until ? stop.Patient : null;

    private static string Seal<T>(IDataProtector protector, T value) => WebEncoders.Base64UrlEncode(protector.Protect(JsonSerializer.SerializeToUtf8Bytes(value)));

    private static T? Open<T>(IDataProtector protector, string? text) where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<T>(protector.Unprotect(WebEncoders.Base64UrlDecode(text)));
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException or JsonException)
        {
            return null;
        }
    }

    private sealed record Invitation(Guid Patient, Guid Id);

    private sealed record Stop(Guid Patient, DateTimeOffset Until);
}
