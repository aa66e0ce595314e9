using System.Security.Cryptography;
using System.Text.Json;
using Hrms.Contracts;
using Microsoft.AspNetCore.DataProtection;

namespace Hrms.Api.Identity.Recovery;

/// <summary>Somebody has shown what gets an account back, and chooses how to sign in from now on.</summary>
/// <param name="Secret">What they showed: it is looked at again when the account is changed.</param>
internal sealed record RecoveryTicket(Guid Account, SignInWay Way, byte[] Secret, DateTimeOffset Until);

/// <summary>What a browser keeps of somebody who is getting an account back: the secret behind the code that guardians approve, and the ticket for the last step. Sealed, for this server alone.</summary>
internal sealed class RecoveryCookies(IDataProtectionProvider protection, PublicAddress address, TimeProvider clock)
{
    private static readonly TimeSpan TicketGoodFor = TimeSpan.FromMinutes(15);
    private readonly IDataProtector _protector = protection.CreateProtector("hrms/identity/recovery/1");

    private string Holder => address.IsSecure ? "__Host-hrms-recovery" : "hrms-recovery";

    private string Ticket => address.IsSecure ? "__Host-hrms-recovery-ticket" : "hrms-recovery-ticket";

    /// <summary>The secret of this browser, which gets one when it has none. Kept as long as an approval can be good and waited for.</summary>
    public byte[] SecretOf(HttpContext http)
    {
        if (Opened<byte[]>(http, Holder) is { Length: RecoveryCode.SecretBytes } known)
            return known;
        var secret = RandomNumberGenerator.GetBytes(RecoveryCode.SecretBytes);
        Keep(http, Holder, secret, Limits.ApprovalGoodFor + Limits.RecoveryWait);
        return secret;
    }

    public RecoveryTicket? TicketOf(HttpContext http) => Opened<RecoveryTicket>(http, Ticket) is { } ticket && clock.GetUtcNow() < ticket.Until ? ticket : null;

    public void Give(HttpContext http, Guid account, SignInWay way, byte[] secret) =>
        Keep(http, Ticket, new RecoveryTicket(account, way, secret, clock.GetUtcNow() + TicketGoodFor), TicketGoodFor);

    public void Forget(HttpContext http)
    {
        http.Response.Cookies.Delete(Ticket, Options(null));
        http.Response.Cookies.Delete(Holder, Options(null));
    }

    private void Keep<T>(HttpContext http, string name, T value, TimeSpan age) =>
        http.Response.Cookies.Append(name, Convert.ToBase64String(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(value))), Options(age));

    private T? Opened<T>(HttpContext http, string name) where T : class
    {
        try
        {
            return http.Request.Cookies[name] is { Length: > 0 } text ? JsonSerializer.Deserialize<T>(_protector.Unprotect(Convert.FromBase64String(text))) : null;
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException or JsonException)
        {
            return null;
        }
    }

    private CookieOptions Options(TimeSpan? age) =>
        new() { HttpOnly = true, Secure = address.IsSecure, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = age, IsEssential = true };
}
