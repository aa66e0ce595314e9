using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Mail;
using Hrms.Api.Identity.OAuth;
using Hrms.Api.Identity.Pages;
using Hrms.Contracts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Recovery;

/// <summary>
/// Somebody who can't sign in any more gets the account back. Whether they do is the patient's grain's word, given first and durable; then all credentials of before go and the new one comes, in one
/// transaction. Between the two nobody signs in: the grain refuses credentials that are not of its newest recovery, and the same proof may be shown again.
/// </summary>
internal sealed class AccountRecovery(
    UserManager<Account> accounts, IdentityDatabase database, IGrainFactory grains, ConnectedApps apps, AccountHistory history, IMailer mailer, PublicAddress address, RecoveryLinks links,
    IStringLocalizer<Words> words)
{
    /// <summary>The account that somebody may have back; null whatever is wrong, the address included.</summary>
    /// <param name="secret">The seed of the sheet, or what is behind the code that guardians approve; null: it was no such thing.</param>
    public async Task<Account?> ProveAsync(string email, SignInWay way, byte[]? secret)
    {
        var account = await accounts.FindByEmailAsync(email) is { EmailConfirmed: true, Role: HrmsRoles.Patient } found ? found : null;
        // An address that nobody has asks a grain, too: that of nobody.
        var proven = await GrainOf(account?.Party ?? Guid.NewGuid()).CanRecoverAccountAsync(new RecoverAccount(AccountHistory.Server, way, secret ?? [], account?.Recovery));
        if (account is not null && !proven)
            await history.FailedAsync(account);
        return proven ? account : null;
    }

    /// <returns>What is wrong with the password; empty: it holds. Null: this does not get the account back any more.</returns>
    public async Task<IReadOnlyList<string>?> ByPasswordAsync(RecoveryTicket ticket, string password)
    {
        if (await accounts.FindByIdAsync($"{ticket.Account:D}") is not { } account)
            return null;
        foreach (var validator in accounts.PasswordValidators)
            if (await validator.ValidateAsync(accounts, account, password) is { Succeeded: false } wrong)
                return [.. wrong.Errors.Select(error => error.Description)];
        return await ReplaceAsync(account, ticket, accounts.PasswordHasher.HashPassword(account, password), null) ? [] : null;
    }

    public async Task<bool> ByPasskeyAsync(RecoveryTicket ticket, UserPasskeyInfo passkey) =>
        await accounts.FindByIdAsync($"{ticket.Account:D}") is { } account && await ReplaceAsync(account, ticket, null, passkey);

    /// <summary>Tells the person that two guardians have approved: the mail first, then the waiting time begins.</summary>
    public async Task<RecoveryStanding> AnnounceAsync(Guid patient, byte[] code, RecoveryStanding standing, CancellationToken cancellationToken)
    {
        if (standing.ApprovedAt is null || standing.IsAnnounced || await OfPatientAsync(patient, cancellationToken) is not { } account)
            return standing;
        await mailer.SendAsync(Letter.Of(words, "Announce", account.Email!, links.ToStop(patient)), cancellationToken);
        var announced = await GrainOf(patient).AnnounceRecoveryAsync(new AnnounceRecovery(AccountHistory.Server, code));
        return announced.Succeeded ? announced.Value : throw new NotRecordedException(announced.Refusal);
    }

    public Task<Account?> OfPatientAsync(Guid patient, CancellationToken cancellationToken) =>
        database.Users.SingleOrDefaultAsync(account => account.Party == patient && account.Role == HrmsRoles.Patient, cancellationToken);

    private async Task<bool> ReplaceAsync(Account account, RecoveryTicket ticket, string? passwordHash, UserPasskeyInfo? passkey)
    {
        var recovered = await GrainOf(account.Party).RecoverAccountAsync(new RecoverAccount(AccountHistory.Server, ticket.Way, ticket.Secret, account.Recovery));
        if (recovered.Refusal is { Code: RefusalCode.NotFound or RefusalCode.Erased })
            return false;
        if (recovered.Refusal is { } refusal)
            throw new NotRecordedException(refusal);
        await using var transaction = await database.Database.BeginTransactionAsync();
        // Of two who come with the same proof at once, one chooses.
        if (await database.Users.Where(row => row.Id == account.Id && row.Recovery != recovered.Value).ExecuteUpdateAsync(row => row.SetProperty(one => one.Recovery, recovered.Value)) == 0)
            return false;
        await database.Set<IdentityUserPasskey<Guid>>().Where(row => row.UserId == account.Id).ExecuteDeleteAsync();
        // The authenticator's key and the recovery codes.
        await database.Set<IdentityUserToken<Guid>>().Where(row => row.UserId == account.Id).ExecuteDeleteAsync();
        (account.Recovery, account.PasswordHash, account.TwoFactorEnabled, account.LockoutEnd, account.AccessFailedCount) = (recovered.Value, passwordHash, false, null, 0);
        Check(await accounts.UpdateSecurityStampAsync(account));
        if (passkey is not null)
            Check(await accounts.AddOrUpdatePasskeyAsync(account, passkey));
        await apps.DisconnectAllAsync(account, CancellationToken.None);
        await transaction.CommitAsync();
        await mailer.SendAsync(Letter.Of(words, "GotBack", account.Email!, address.At(RecoveryPages.Path)), CancellationToken.None);
        return true;
    }

    private IPatientGrain GrainOf(Guid patient) => grains.Grain<IPatientGrain>(patient);

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException($"The account could not be changed: {string.Join(", ", result.Errors.Select(error => error.Code))}.");
    }
}
