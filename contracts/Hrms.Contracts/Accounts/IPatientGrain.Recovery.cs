using Orleans.Concurrency;

namespace Hrms.Contracts;

public partial interface IPatientGrain
{
    [Alias("MakeRecoverySeed")]
    Task<Outcome<RecoveryView>> MakeRecoverySeedAsync(MakeRecoverySeed command);

    [Alias("InviteGuardian")]
    Task<Outcome<GuardianView>> InviteGuardianAsync(InviteGuardian command);

    [Alias("AcceptGuardian")]
    Task<Outcome<GuardianView>> AcceptGuardianAsync(AcceptGuardian command);

    [Alias("EndGuardian")]
    Task<Outcome<Acknowledgement>> EndGuardianAsync(EndGuardian command);

    /// <summary>To who is no guardian now there is no such patient.</summary>
    [Alias("ApproveRecovery")]
    Task<Outcome<RecoveryStanding>> ApproveRecoveryAsync(ApproveRecovery command);

    /// <summary>Only from the account's server, when the mail is on its way.</summary>
    [Alias("AnnounceRecovery")]
    Task<Outcome<RecoveryStanding>> AnnounceRecoveryAsync(AnnounceRecovery command);

    [Alias("StopRecovery")]
    Task<Outcome<Acknowledgement>> StopRecoveryAsync(StopRecovery command);

    /// <summary>Whether <see cref="RecoverAccountAsync"/> would be taken now. Changes nothing. Only from the account's server.</summary>
    [Alias("CanRecoverAccount"), AlwaysInterleave]
    Task<bool> CanRecoverAccountAsync(RecoverAccount command);

    /// <summary>
    /// Ends all tokens, the patient's key for consents, the seed and the approvals, and returns the recovery's id: from then on credentials that do not come from this recovery sign nobody in. Only
    /// from the account's server, which changes the credentials next.
    /// </summary>
    [Alias("RecoverAccount")]
    Task<Outcome<Guid>> RecoverAccountAsync(RecoverAccount command);

    /// <summary>Told by the grain of the account's person, and by nobody else: this person is a guardian of it, or no longer. A hint, which no decision rests on.</summary>
    [Alias("Guards"), OneWay]
    Task GuardsAsync(GuardedAccount account, bool guards);

    /// <summary>Whose accounts the person is a guardian of. Only for the person.</summary>
    [Alias("Guarded"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<GuardedAccount>>> GuardedAsync(Asker asker);

    /// <summary>How the person gets the account back. Only for the person.</summary>
    [Alias("Recovery"), AlwaysInterleave]
    Task<Outcome<RecoveryView>> RecoveryAsync(Asker asker);
}
