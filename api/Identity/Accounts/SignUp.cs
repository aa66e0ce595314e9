using Hrms.Api.Auth;
using Hrms.Api.Identity.Mail;
using Hrms.Api.Identity.Pages;
using Hrms.Contracts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Accounts;

/// <summary>
/// A patient makes an account. What the pages answer is the same whether or not the address has an account: only who reads its mail learns. The patient is registered through
/// the grain when the address is confirmed, under an id that the account holds from the beginning, so that a repeat changes nothing.
/// </summary>
internal sealed class SignUp(UserManager<Account> accounts, IGrainFactory grains, IMailer mailer, PublicAddress address, IStringLocalizer<Words> words)
{
    /// <summary>In whose name the patients' grains are told: the sign-up itself, which is no person.</summary>
    private static readonly Actor Registrar = new(ActorKind.Operator, NameBasedId.Create("identity", "sign-up"));

    /// <returns>What is wrong with the input; empty: a mail is on its way.</returns>
    public async Task<IReadOnlyList<string>> BeginAsync(string email, string password, CancellationToken cancellationToken)
    {
        if (!email.Contains('@') || email.Length > 254)
            return [words["SignUp.NoAddress"]];
        var account = new Account { Id = Guid.NewGuid(), UserName = $"{Guid.NewGuid():N}", Email = email, Role = HrmsRoles.Patient, Party = Guid.NewGuid() };
        List<string> wrong = [];
        foreach (var validator in accounts.PasswordValidators)
            wrong.AddRange((await validator.ValidateAsync(accounts, account, password)).Errors.Select(error => error.Description));
        if (wrong.Count > 0)
            return wrong;
        if (!await TryCreateAsync(account, password))
        {
            await mailer.SendAsync(Letter.Of(words, "HasAccount", email, address.At("/account/sign-in")), cancellationToken);
            return [];
        }
        var link = address.At($"/account/confirm{QueryString.Create("account", $"{account.Id:D}").Add("token", await accounts.GenerateEmailConfirmationTokenAsync(account))}");
        await mailer.SendAsync(Letter.Of(words, "Confirm", email, link), cancellationToken);
        return [];
    }

    /// <returns>False when the link is not good (any more).</returns>
    /// <exception cref="InvalidOperationException">The patient could not be registered now; the link stays good.</exception>
    public async Task<bool> ConfirmAsync(string accountId, string token)
    {
        if (await accounts.FindByIdAsync(accountId) is not { } account
            || !await accounts.VerifyUserTokenAsync(account, accounts.Options.Tokens.EmailConfirmationTokenProvider, UserManager<Account>.ConfirmEmailTokenPurpose, token))
            return false;
        if (account.Role == HrmsRoles.Patient)
        {
            var registered = await grains.GetGrain<IPatientGrain>(account.Party).RegisterAsync(
                new RegisterPatient(new CommandId(account.Party), new Asker(Registrar, PurposeOfUse.PATRQT)));
            if (registered.Refusal is { } refusal)
                throw new InvalidOperationException($"The patient could not be registered: {refusal.Code}.");
        }
        return (await accounts.ConfirmEmailAsync(account, token)).Succeeded;
    }

    /// <summary>False when the address has an account, also when another request made it this moment.</summary>
    private async Task<bool> TryCreateAsync(Account account, string password)
    {
        try
        {
            var made = await accounts.CreateAsync(account, password);
            return made.Succeeded || (made.Errors.All(error => error.Code == nameof(IdentityErrorDescriber.DuplicateEmail)) ? false
                : throw new InvalidOperationException($"The account could not be made: {string.Join(", ", made.Errors.Select(error => error.Code))}."));
        }
        catch (DbUpdateException fault) when (fault.InnerException is System.Data.Common.DbException { SqlState: "23505" })
        {
            return false;
        }
    }
}
