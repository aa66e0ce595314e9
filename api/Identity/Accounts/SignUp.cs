using Hrms.Api.Auth;
using Hrms.Api.Identity.Mail;
using Hrms.Api.Identity.Pages;
using Hrms.Contracts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Accounts;

/// <summary>
/// A patient makes an account: types an address, follows the link that its mail brings, and chooses there how to sign in. What the pages answer to an address is the same whether or not it
/// has an account: only who reads its mail learns, and nobody else chooses what leads in. Until it is chosen nobody enters the account. The patient is registered through the grain, under an id that
/// the account holds from the beginning, so that a repeat changes nothing.
/// </summary>
internal sealed class SignUp(
    UserManager<Account> accounts, IdentityDatabase database, IGrainFactory grains, IMailer mailer, PublicAddress address, AccountHistory history, IStringLocalizer<Words> words)
{
    /// <summary>In whose name the patients' grains are told: the sign-up itself, which is no person.</summary>
    private static readonly Actor Registrar = new(ActorKind.Operator, NameBasedId.Create("identity", "sign-up"));

    /// <returns>What is wrong with the input; empty: a mail is on its way.</returns>
    public async Task<IReadOnlyList<string>> BeginAsync(string email, CancellationToken cancellationToken)
    {
        if (!email.Contains('@') || email.Length > 254)
            return [words["SignUp.NoAddress"]];
        var account = new Account { Id = Guid.NewGuid(), UserName = $"{Guid.NewGuid():N}", Email = email, Role = HrmsRoles.Patient, Party = Guid.NewGuid() };
        if (!await TryCreateAsync(account))
        {
            var known = await accounts.FindByEmailAsync(email);
            if (known is not { EmailConfirmed: false, Role: HrmsRoles.Patient })
            {
                await mailer.SendAsync(Letter.Of(words, "HasAccount", known?.Email ?? email, address.At("/account/sign-in")), cancellationToken);
                return [];
            }
            // Begun before, by whomever, and never finished: it goes on with a new link, to the address as it was typed then.
            account = known;
        }
        var link = address.At($"/account/confirm{QueryString.Create("account", $"{account.Id:D}").Add("token", await accounts.GenerateEmailConfirmationTokenAsync(account))}");
        await mailer.SendAsync(Letter.Of(words, "Confirm", account.Email!, link), cancellationToken);
        return [];
    }

    /// <summary>Whose link it is, as long as it is good: for a day, and until the account is open. Null: it is not.</summary>
    public async Task<Account?> FindAsync(string? accountId, string? token) =>
        Guid.TryParse(accountId, out var id) && await accounts.FindByIdAsync($"{id:D}") is { EmailConfirmed: false, Role: HrmsRoles.Patient } account
        && await accounts.VerifyUserTokenAsync(account, accounts.Options.Tokens.EmailConfirmationTokenProvider, UserManager<Account>.ConfirmEmailTokenPurpose, token ?? "") ? account : null;

    /// <param name="account">Of a good link.</param>
    /// <returns>What is wrong with the password; empty: it opens the account. Null: the link is not good any more.</returns>
    public async Task<IReadOnlyList<string>?> ByPasswordAsync(Account account, string password)
    {
        foreach (var validator in accounts.PasswordValidators)
            if (await validator.ValidateAsync(accounts, account, password) is { Succeeded: false } wrong)
                return [.. wrong.Errors.Select(error => error.Description)];
        return await OpenAsync(account, accounts.PasswordHasher.HashPassword(account, password), null) ? [] : null;
    }

    /// <param name="account">Of a good link.</param>
    /// <returns>False: the link is not good any more.</returns>
    public Task<bool> ByPasskeyAsync(Account account, UserPasskeyInfo passkey) => OpenAsync(account, null, passkey);

    /// <exception cref="InvalidOperationException">The patient could not be registered now; the link stays good.</exception>
    /// <exception cref="NotRecordedException">The history did not take it; the link stays good.</exception>
    private async Task<bool> OpenAsync(Account account, string? passwordHash, UserPasskeyInfo? passkey)
    {
        var registered = await grains.GetGrain<IPatientGrain>(account.Party).RegisterAsync(new RegisterPatient(new CommandId(account.Party), new Asker(Registrar, PurposeOfUse.PATRQT)));
        if (registered.Refusal is { } refusal)
            throw new InvalidOperationException($"The patient could not be registered: {refusal.Code}.");
        await history.RecordAsync(account, AccountEventKind.AccountMade);
        await using var transaction = await database.Database.BeginTransactionAsync();
        // Of two who follow the same link at once, one chooses.
        if (await database.Users.Where(row => row.Id == account.Id && !row.EmailConfirmed).ExecuteUpdateAsync(row => row.SetProperty(one => one.EmailConfirmed, true)) == 0)
            return false;
        (account.EmailConfirmed, account.PasswordHash) = (true, passwordHash);
        // No link of before leads anywhere.
        Check(await accounts.UpdateSecurityStampAsync(account));
        if (passkey is not null)
            Check(await accounts.AddOrUpdatePasskeyAsync(account, passkey));
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>False when the address has an account, also when another request made it this moment.</summary>
    private async Task<bool> TryCreateAsync(Account account)
    {
        try
        {
            var made = await accounts.CreateAsync(account);
            if (!made.Succeeded && made.Errors.All(error => error.Code == nameof(IdentityErrorDescriber.DuplicateEmail)))
                return false;
            Check(made);
            return true;
        }
        catch (DbUpdateException fault) when (fault.InnerException is System.Data.Common.DbException { SqlState: "23505" })
        {
            return false;
        }
    }

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException($"The account could not be made: {string.Join(", ", result.Errors.Select(error => error.Code))}.");
    }
}
