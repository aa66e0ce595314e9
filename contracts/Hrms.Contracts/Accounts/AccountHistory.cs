namespace Hrms.Contracts;

/// <summary>What happened to an account: how somebody came in or did not, and what changed about how they do.</summary>
[GenerateSerializer]
public enum AccountEventKind
{
    /// <summary>The account's address was confirmed.</summary>
    AccountMade = 1,
    SignedIn = 2,
    /// <summary>Somebody tried and did not get in, <see cref="AccountAct.Count"/> times.</summary>
    SignInFailed = 3,
    SignedOutEverywhere = 4,
    PasskeyAdded = 5,
    PasskeyRemoved = 6,
    PasswordChanged = 7,
    /// <summary>Another authenticator app holds from now on, with new recovery codes.</summary>
    AuthenticatorChanged = 8,
    AppConnected = 9,
    AppDisconnected = 10,
    /// <summary>A seed to print was made; one of before is no good any more.</summary>
    RecoverySeedMade = 11,
    GuardianInvited = 12,
    GuardianAccepted = 13,
    GuardianEnded = 14,
    /// <summary>A guardian approved that somebody gets the account back.</summary>
    RecoveryApproved = 15,
    /// <summary>Two guardians did, and the person was told: the waiting time runs.</summary>
    RecoveryAnnounced = 16,
    RecoveryStopped = 17,
    /// <summary>Somebody got the account back; whatever led into it before is no good any more.</summary>
    AccountRecovered = 18,
    /// <summary>Of a practitioner: an organisation or care team took them in.</summary>
    OrganizationJoined = 19,
    OrganizationLeft = 20,
    /// <summary>Of a practitioner: an operator ended all their tokens.</summary>
    TokensEndedByOperator = 21,
}

/// <summary>By what somebody came in.</summary>
[GenerateSerializer]
public enum SignInWay
{
    Password = 1,
    PasswordAndAuthenticator = 2,
    PasswordAndRecoveryCode = 3,
    Passkey = 4,
    /// <summary>An organisation's own system, by its signature.</summary>
    ClientAssertion = 5,
    RecoverySeed = 6,
    Guardians = 7,
}

/// <summary>One thing that happened to an account. Neither addresses nor browsers are kept.</summary>
/// <param name="By">Whose doing it is; of failed sign-ins: whose account it is.</param>
/// <param name="About">The app's, the guardian's or the organisation's name, as the person knows it.</param>
/// <param name="Count">Of failed sign-ins: how many.</param>
/// <param name="Since">Of failed sign-ins: when the first of them was.</param>
[GenerateSerializer, Immutable, Alias("AccountAct")]
public sealed record AccountAct(
    [property: Id(0)] AccountEventKind Kind, [property: Id(1)] Actor By, [property: Id(2)] SignInWay? Way = null, [property: Id(3)] string? About = null,
    [property: Id(4)] int Count = 1, [property: Id(5)] DateTimeOffset? Since = null);

/// <summary>Has it written down what happens to an account, before it happens. Sent by the account's server alone.</summary>
/// <param name="Recovery">Of a sign-in: the recovery that the account's credentials come from; null: the account was never recovered.</param>
[GenerateSerializer, Immutable, Alias("NoteAccount")]
public sealed record NoteAccount(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] AccountAct Act, [property: Id(3)] Guid? Recovery = null);

/// <summary>One line of an account's history.</summary>
[GenerateSerializer, Immutable, Alias("AccountLine")]
public sealed record AccountLine([property: Id(0)] long StreamVersion, [property: Id(1)] DateTimeOffset At, [property: Id(2)] AccountAct Act);

/// <summary>Pages through an account's history, newest first.</summary>
[GenerateSerializer, Immutable, Alias("AccountHistoryQuery")]
public sealed record AccountHistoryQuery([property: Id(0)] Asker Asker, [property: Id(1)] int First, [property: Id(2)] string? After = null);

[GenerateSerializer, Immutable, Alias("AccountHistoryPage")]
public sealed record AccountHistoryPage([property: Id(0)] IReadOnlyList<AccountLine> Lines, [property: Id(1)] bool HasNextPage, [property: Id(2)] string? EndCursor);
