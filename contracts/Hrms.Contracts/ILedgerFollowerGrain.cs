using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>
/// Reads all members' lanes of the shared ledger into this member's own rows, and answers from them. One for the cluster, with key 0. Asked by the API, for whoever holds
/// a consent's papers: nothing of this member's patients is told.
/// </summary>
[Alias("ILedgerFollowerGrain")]
public interface ILedgerFollowerGrain : IGrainWithIntegerKey
{
    /// <summary>Look at the ledger: a hint, which may be lost.</summary>
    [Alias("Wake"), OneWay, AlwaysInterleave]
    Task WakeAsync();

    [Alias("Status"), AlwaysInterleave]
    Task<FollowerStatus> StatusAsync();

    /// <summary>Whether a consent holds, from the rows, and by the contract when a node answers. When the two differ it does not hold, and that is an alarm.</summary>
    [Alias("CheckConsent"), AlwaysInterleave]
    Task<Outcome<IssuedConsentCheck>> CheckConsentAsync(CheckIssuedConsent question);
}
