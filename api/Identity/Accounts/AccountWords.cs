using System.Globalization;
using Hrms.Contracts;

namespace Hrms.Api.Identity.Accounts;

/// <summary>What happened to an account, in the words of its person. Read by the account's page and by GraphQL.</summary>
internal static class AccountWords
{
    public static string Of(AccountAct act) => act.Kind switch
    {
        AccountEventKind.AccountMade => "The account was made: its address was confirmed.",
        AccountEventKind.SignedIn => $"Somebody signed in {Of(act.Way)}.",
        AccountEventKind.SignInFailed when act.Count == 1 => "Somebody tried to sign in and did not get in.",
        AccountEventKind.SignInFailed => string.Create(CultureInfo.InvariantCulture, $"Somebody tried to sign in {act.Count} times and did not get in, since {act.Since:yyyy-MM-dd HH:mm} UTC."),
        AccountEventKind.SignedOutEverywhere => "Everybody was signed out: every browser, app and device.",
        AccountEventKind.PasskeyAdded => "A passkey was added.",
        AccountEventKind.PasskeyRemoved => "A passkey was removed.",
        AccountEventKind.PasswordChanged => "A new password was chosen.",
        AccountEventKind.AuthenticatorChanged => "An authenticator app was added, with new recovery codes.",
        AccountEventKind.AppConnected => $"The app {act.About} was connected.",
        AccountEventKind.AppDisconnected => $"The app {act.About} was disconnected.",
        AccountEventKind.RecoverySeedMade => "A recovery sheet was made. An older one is no good any more.",
        AccountEventKind.GuardianInvited => $"{act.About} was asked to be a guardian of the account.",
        AccountEventKind.GuardianAccepted => $"{act.About} is a guardian of the account now.",
        AccountEventKind.GuardianEnded => $"{act.About} is no guardian of the account any more.",
        AccountEventKind.RecoveryApproved => $"{act.About} approved that somebody gets the account back.",
        AccountEventKind.RecoveryAnnounced => "Two guardians approved that somebody gets the account back. You were told by mail; the waiting time began.",
        AccountEventKind.RecoveryStopped => "Getting the account back was stopped.",
        AccountEventKind.AccountRecovered => $"Somebody got the account back {Of(act.Way)}. Whatever led into it before is no good any more.",
        _ => throw new ArgumentOutOfRangeException(nameof(act), act.Kind, "A new kind needs its words here."),
    };

    private static string Of(SignInWay? way) => way switch
    {
        SignInWay.Password => "with the password",
        SignInWay.PasswordAndAuthenticator => "with the password and the authenticator app",
        SignInWay.PasswordAndRecoveryCode => "with the password and a recovery code",
        SignInWay.Passkey => "with a passkey",
        SignInWay.ClientAssertion => "as the organisation's system",
        SignInWay.RecoverySeed => "with the recovery sheet",
        SignInWay.Guardians => "with two guardians",
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "A new way needs its words here."),
    };
}
