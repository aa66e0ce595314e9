using System.Security.Cryptography;
using System.Text;
using Hrms.Api.Identity.OAuth;
using Microsoft.AspNetCore.Identity;

namespace Hrms.Api.Identity.Accounts;

/// <summary>A code of an authenticator app is good once (RFC 6238, section 5.2): who reads it over a shoulder comes too late. In the place of Identity's own provider.</summary>
internal sealed class CodesOnce(GoodOnce once, TimeProvider clock) : AuthenticatorTokenProvider<Account>
{
    /// <summary>Longer than the five steps of 30 seconds within which Identity takes a code.</summary>
    private static readonly TimeSpan TakenWithin = TimeSpan.FromMinutes(5);

    public override async Task<bool> ValidateAsync(string purpose, string token, UserManager<Account> manager, Account user) =>
        await base.ValidateAsync(purpose, token, manager, user)
        && await once.UseAsync(SHA256.HashData(Encoding.UTF8.GetBytes($"totp\n{user.Id:D}\n{int.Parse(token, System.Globalization.CultureInfo.InvariantCulture)}")), clock.GetUtcNow() + TakenWithin, CancellationToken.None);
}
