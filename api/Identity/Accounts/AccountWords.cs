using System.Globalization;
using System.Resources;
using Hrms.Api.Identity.Pages;
using Hrms.Contracts;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.Accounts;

/// <summary>What happened to an account, in the words of its person (<c>Account.…</c> of the resources): on the account's page in the browser's language, by GraphQL in English.</summary>
internal static class AccountWords
{
    private static readonly ResourceManager English = new(typeof(Words));

    public static string Of(IStringLocalizer<Words> words, AccountAct act) => Of(act, (key, names) => words[key, names]);

    public static string InEnglish(AccountAct act) => Of(act, (key, names) => string.Format(CultureInfo.InvariantCulture, English.GetString(key, CultureInfo.InvariantCulture) ?? key, names));

    private static string Of(AccountAct act, Func<string, object[], string> say) => act.Kind switch
    {
        AccountEventKind.SignInFailed when act.Count > 1 =>
            say("Account.SignInsFailed", [act.Count, act.Since?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? ""]),
        AccountEventKind.SignedIn or AccountEventKind.AccountRecovered =>
            say($"Account.{act.Kind}", [say($"Account.Way.{act.Way ?? throw new ArgumentException($"A line {act.Kind} says by what.", nameof(act))}", [])]),
        _ => say($"Account.{act.Kind}", [act.About ?? ""]),
    };
}
