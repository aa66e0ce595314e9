using Hrms.Api.Auth;
using Hrms.Api.Identity.OAuth;
using Hrms.Contracts;

namespace Hrms.Api.Identity.Accounts;

/// <summary>
/// Which of a patient's or practitioner's tokens are still good is their own grain's word: asked by whoever issues one, told before anything changes how the account is entered. Who runs
/// an organisation's accounts or the installation has tokens of this server alone, which ends them itself.
/// </summary>
internal sealed class TokensOfPeople(IGrainFactory grains, AccountHistory history, ConnectedApps apps)
{
    public async Task<TokenEpoch> EpochAsync(Account account) => account.Role switch
    {
        HrmsRoles.Patient => await grains.Grain<IPatientGrain>(account.Party).TokenEpochAsync(),
        HrmsRoles.Practitioner => (await grains.Grain<IProviderGrain>(account.Party).StandingAsync()).Tokens,
        _ => TokenEpoch.First,
    };

    /// <summary>
    /// Ends all tokens of before, wherever they are used. Called before the change that it is about: what is interrupted in between has signed somebody out, and never left a
    /// token good.
    /// </summary>
    /// <param name="because">What the account's history says of it, in the same append.</param>
    /// <exception cref="NotRecordedException">The grain did not take it; nothing may be changed now.</exception>
    public async Task EndAsync(Account account, AccountEventKind because)
    {
        var command = new EndTokens(new CommandId(Guid.NewGuid()), AccountHistory.Server, new AccountAct(because, AccountHistory.ActorOf(account)));
        if (account.Role == HrmsRoles.Patient)
        {
            // A patient's history is in the same stream, and so in the same append.
            Check(await grains.Grain<IPatientGrain>(account.Party).EndTokensAsync(command));
            return;
        }
        await history.RecordAsync(account, command.Because!);
        if (account.Role == HrmsRoles.Practitioner)
            Check(await grains.Grain<IProviderGrain>(account.Party).EndTokensAsync(command));
        else
            await apps.DisconnectAllAsync(account, CancellationToken.None);
    }

    private static void Check(Outcome<TokenEpoch> ended)
    {
        // Who never confirmed their address has nothing that a token could open.
        if (ended.Refusal is { Code: not RefusalCode.NotFound } refusal)
            throw new NotRecordedException(refusal);
    }
}
