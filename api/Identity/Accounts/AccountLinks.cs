using Microsoft.AspNetCore.Identity;

namespace Hrms.Api.Identity.Accounts;

/// <summary>Accounts as links name them, which anybody can write.</summary>
internal static class AccountLinks
{
    /// <param name="id">As the link has it. What is no id is nobody's; Identity's own look-up throws on it.</param>
    public static async Task<Account?> FindByLinkAsync(this UserManager<Account> accounts, string? id) => Guid.TryParse(id, out _) ? await accounts.FindByIdAsync(id) : null;
}
