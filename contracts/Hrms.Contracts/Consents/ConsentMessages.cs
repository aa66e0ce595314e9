namespace Hrms.Contracts;

/// <summary>The states of a consent. Expiry is not one: it is read off the clock at each decision.</summary>
[GenerateSerializer]
public enum ConsentStatus
{
    Active = 1,
    Revoked = 2,
}

/// <summary>A consent as its patient sees it.</summary>
/// <param name="Version">1 at the grant, one more at each change.</param>
/// <param name="StreamVersion">The event that made this version: what a proof is asked for.</param>
/// <param name="Paper">The FHIR Consent that it was given by, as JSON; null when it was given in fields.</param>
[GenerateSerializer, Immutable, Alias("ConsentView")]
public sealed record ConsentView(
    [property: Id(0)] ConsentId Id,
    [property: Id(1)] int Version,
    [property: Id(2)] ConsentStatus Status,
    [property: Id(3)] ConsentTerms Terms,
    [property: Id(4)] DateTimeOffset GrantedAt,
    [property: Id(5)] DateTimeOffset? RevokedAt,
    [property: Id(6)] long StreamVersion,
    [property: Id(7)] string? Paper = null);

/// <summary>One version of a consent: what it said, who made it so, and when.</summary>
/// <param name="ImpactAcknowledged">Whether the patient was warned what the restriction may mean for their care, and wanted it.</param>
/// <param name="Command">Of an amendment: the command that made it.</param>
[GenerateSerializer, Immutable, Alias("ConsentVersion")]
public sealed record ConsentVersion(
    [property: Id(0)] int Version,
    [property: Id(1)] ConsentStatus Status,
    [property: Id(2)] ConsentTerms Terms,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] Actor By,
    [property: Id(5)] long StreamVersion,
    [property: Id(6)] bool ImpactAcknowledged = false,
    [property: Id(7)] CommandId? Command = null);

/// <summary>What one version changed, at one place of the terms; before or after is null when the place was not there.</summary>
/// <param name="Place">Such as <c>terms.rule.purposes</c>.</param>
[GenerateSerializer, Immutable, Alias("TermsChange")]
public sealed record TermsChange([property: Id(0)] string Place, [property: Id(1)] string? Before, [property: Id(2)] string? After);

/// <summary>A version as it is shown, with what differs from the version before.</summary>
[GenerateSerializer, Immutable, Alias("ConsentVersionView")]
public sealed record ConsentVersionView([property: Id(0)] ConsentVersion Version, [property: Id(1)] IReadOnlyList<TermsChange> Changes);

/// <summary>The patient gives a consent. Sent by the GraphQL edge.</summary>
/// <param name="ImpactAcknowledged">A consent that denies may harm care: the patient says that they were warned and want it.</param>
/// <param name="Paper">See <see cref="ConsentView"/>.</param>
[GenerateSerializer, Immutable, Alias("GrantConsent")]
public sealed record GrantConsent(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] ConsentTerms Terms, [property: Id(3)] bool ImpactAcknowledged = false,
    [property: Id(4)] string? Paper = null);

/// <summary>The patient changes what a consent says. The version before stays readable.</summary>
[GenerateSerializer, Immutable, Alias("AmendConsent")]
public sealed record AmendConsent(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] ConsentId Consent, [property: Id(3)] int ExpectedVersion,
    [property: Id(4)] ConsentTerms Terms, [property: Id(5)] bool ImpactAcknowledged = false);

/// <summary>The patient takes a consent back. Effective for everyone before the answer is sent.</summary>
[GenerateSerializer, Immutable, Alias("RevokeConsent")]
public sealed record RevokeConsent([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] ConsentId Consent);

/// <summary>Why a decision came out as it did. Exact in the access history; an asker never sees it.</summary>
[GenerateSerializer]
public enum DecisionReason
{
    /// <summary>The patient looks at their own record.</summary>
    Self = 1,
    /// <summary>A provision of the named consent permits it.</summary>
    Permitted = 2,
    /// <summary>A provision of the named consent denies it.</summary>
    Denied = 3,
    /// <summary>No provision is about it, and the patient's default is to deny.</summary>
    NoConsent = 4,
    /// <summary>There is no such record.</summary>
    NoSuchRecord = 5,
    /// <summary>This role never may do this.</summary>
    RoleNotAllowed = 6,
    /// <summary>No provision is about it, and the patient's default is to permit.</summary>
    DefaultPolicy = 7,
    /// <summary>The delegation that the decision names as its consent permits it.</summary>
    Delegated = 8,
    /// <summary>The glass was broken; the decision names the event as its consent.</summary>
    BreakGlass = 9,
    /// <summary>The patient has opted out altogether.</summary>
    OptedOut = 10,
    /// <summary>The named consent would permit it, but was used as often as it allows.</summary>
    FrequencyExceeded = 11,
    /// <summary>The asker still holds data that was to be purged.</summary>
    PurgeOverdue = 12,
    /// <summary>The ledger holds more than the hospital's database: what the patient decided last may be missing, so nobody but the patient sees anything.</summary>
    LedgerAhead = 13,
    /// <summary>It would be permitted, but the app's token does not reach it.</summary>
    OutOfScope = 14,
    /// <summary>The asker's token is one of before its person ended them all.</summary>
    TokenEnded = 15,
    /// <summary>A reviewer looks at the broken glass that the decision names as its consent.</summary>
    GlassReview = 20,
}

/// <summary>A decision with its reason and the exact consent version it rests on.</summary>
/// <param name="Exception">Which exception of the consent decided, from 0; null: its rule.</param>
[GenerateSerializer, Immutable, Alias("Decision")]
public sealed record Decision(
    [property: Id(0)] bool Permitted,
    [property: Id(1)] DecisionReason Reason,
    [property: Id(2)] ConsentId? Consent = null,
    [property: Id(3)] int? ConsentVersion = null,
    [property: Id(4)] int? Exception = null);
