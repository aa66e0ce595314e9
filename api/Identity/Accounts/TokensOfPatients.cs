using Hrms.Api.Auth;
using Hrms.Contracts;

namespace Hrms.Api.Identity.Accounts;

/// <summary>Which of a patient's tokens are still good is the patient's grain's word: asked by whoever issues one, told before anything changes how the account is entered.</summary>
internal sealed class TokensOfPatients(IGrainFactory grains, AccountHistory history)
{
    public async Task<TokenEpoch> EpochAsync(Account account) =>
        account.Role == HrmsRoles.Patient ? await grains.Grain<IPatientGrain>(account.Party).TokenEpochAsync() : TokenEpoch.First;

    /// <summary>
    /// Ends all tokens of before, wherever they are used. Called before the change that it is about: what is interrupted in between has signed somebody out, and never left a
    /// token good.
    /// </summary>
    /// <param name="because">What the account's history says of it, in the same append.</param>
    /// <exception cref="NotRecordedException">The grain did not take it; nothing may be changed now.</exception>
    public async Task EndAsync(Account account, AccountEventKind because)
    {
        var act = new AccountAct(because, AccountHistory.ActorOf(account));
        if (account.Role != HrmsRoles.Patient)
        {
            await history.RecordAsync(account, act);
            return;
        }
        var ended = await grains.Grain<IPatientGrain>(account.Party).EndTokensAsync(new EndTokens(new CommandId(Guid.NewGuid()), AccountHistory.Server, act));
        // Who never confirmed their address has nothing that a token could open.
        if (ended.Refusal is { Code: not RefusalCode.NotFound } refusal)
            throw new NotRecordedException(refusal);
    }
}
