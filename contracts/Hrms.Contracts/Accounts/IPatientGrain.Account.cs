using Orleans.Concurrency;

namespace Hrms.Contracts;

public partial interface IPatientGrain
{
    /// <summary>
    /// Has it written down what happens to the patient's account; only from the account's server. Answers when the line is durable, with the epoch of the tokens that may come of it. A sign-in
    /// by credentials of before a recovery is refused. A repeat of the same command changes nothing.
    /// </summary>
    [Alias("NoteAccount"), AlwaysInterleave]
    Task<Outcome<TokenEpoch>> NoteAccountAsync(NoteAccount command);

    /// <summary>What happened to the patient's account, newest first. Only for the patient in person.</summary>
    [Alias("AccountHistory"), AlwaysInterleave]
    Task<Outcome<AccountHistoryPage>> AccountHistoryAsync(AccountHistoryQuery query);
}
