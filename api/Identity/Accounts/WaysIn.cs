using System.Buffers.Text;
using Hrms.Api.Auth;
using Hrms.Contracts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Hrms.Api.Identity.Accounts;

/// <summary>By what an account is entered: that its last way in is not taken away, and that who has one alone is told. Called by the account's pages.</summary>
internal sealed class WaysIn(UserManager<Account> accounts, IdentityDatabase database, TokensOfPeople tokens, IGrainFactory grains)
{
    /// <summary>Takes a passkey away and ends whatever came in before. One that is gone already is no mistake.</summary>
    /// <param name="credentialId">As the page names it: base64url.</param>
    /// <returns>False: it is the only way in, and stays.</returns>
    /// <exception cref="NotRecordedException">The history did not take it; the passkey stays.</exception>
    public async Task<bool> RemovePasskeyAsync(Account person, string? credentialId)
    {
        await using var transaction = await database.Database.BeginTransactionAsync();
        // One after the other: of two who take away two passkeys at once, the second sees what the first left.
        await database.Database.ExecuteSqlAsync($"select 1 from identity.account where id = {person.Id} for update");
        await database.Entry(person).ReloadAsync();
        var passkeys = await accounts.GetPasskeysAsync(person);
        if (passkeys.FirstOrDefault(passkey => Base64Url.EncodeToString(passkey.CredentialId) == credentialId) is not { } gone)
            return true;
        if (passkeys.Count == 1 && !await accounts.HasPasswordAsync(person))
            return false;
        await tokens.EndAsync(person, AccountEventKind.PasskeyRemoved);
        Check(await accounts.RemovePasskeyAsync(person, gone.CredentialId));
        // Whoever came in with it is out, and so is what they connected.
        Check(await accounts.UpdateSecurityStampAsync(person));
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Whether a patient who loses one device has lost the account: there is neither a password nor another passkey, and neither a sheet nor guardians enough.</summary>
    public async Task<bool> IsOneDeviceAwayFromLossAsync(Account person, Asker asker)
    {
        if (person.Role != HrmsRoles.Patient || await accounts.HasPasswordAsync(person) || (await accounts.GetPasskeysAsync(person)).Count != 1)
            return false;
        var back = await grains.Grain<IPatientGrain>(person.Party).RecoveryAsync(asker);
        return back is { Succeeded: true, Value: { SeedMadeAt: null } view } && view.Guardians.Count(guardian => guardian.AcceptedAt is not null) < Limits.GuardiansNeeded;
    }

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException($"The passkey could not be removed: {string.Join(", ", result.Errors.Select(error => error.Code))}.");
    }
}
