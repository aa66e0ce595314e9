using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>
/// The history of an account that is no patient's: a practitioner's, an organisation's system's, an operator's. A patient's stands in the patient's own stream. The key derives from the
/// account's (<see cref="AccountKey"/>). Called by the account's server alone, which asks for a person's history in that person's session, and by a
/// practitioner's grain for what others decide about the practitioner.
/// </summary>
[Alias("IAccountGrain")]
public interface IAccountGrain : IGrainWithGuidKey
{
    /// <summary>Answers when the line is durable. A repeat of the same command changes nothing.</summary>
    [Alias("Note"), AlwaysInterleave]
    Task<Outcome<TokenEpoch>> NoteAsync(NoteAccount command);

    [Alias("History"), AlwaysInterleave]
    Task<Outcome<AccountHistoryPage>> HistoryAsync(AccountHistoryQuery query);
}

/// <summary>Under which key an account's history is kept.</summary>
public static class AccountKey
{
    /// <param name="subject">Whom tokens of the account name: <c>sub</c>.</param>
    public static Guid Of(string subject) => NameBasedId.Create("account", subject);

    /// <summary>The account that a practitioner has when they were invited, and no other.</summary>
    public static Guid AccountOf(ProviderId practitioner) => NameBasedId.Create("invited-account", $"practitioner/{practitioner}");

    public static Guid Of(ProviderId practitioner) => Of($"{AccountOf(practitioner):D}");
}
