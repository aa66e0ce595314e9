using Hrms.Api.Auth;
using Hrms.Api.Identity.OAuth;
using Hrms.Contracts;

namespace Hrms.Api.Identity.Accounts;

/// <summary>
/// Which of a patient's or practitioner's tokens are still good is their own grain's word: asked by whoever issues one, told before anything changes how the account is entered. Who runs
/// an organisation's accounts or the installation has tokens of this server alone, which ends them itself.
/// </summary>
internal sealed class TokensOfPatients(IGrainFactory grains, IServiceScopeFactory scopes)
{
    /// <summary>In whose name the grains are told: the accounts' server itself, which is no person.</summary>
    private static readonly Actor Server = new(ActorKind.Operator, NameBasedId.Create("identity", "tokens"));

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
    /// <exception cref="InvalidOperationException">The grain did not take it; nothing may be changed now.</exception>
    public async Task EndAsync(Account account)
    {
        var command = new EndTokens(new CommandId(Guid.NewGuid()), new Asker(Server, PurposeOfUse.PATRQT));
        switch (account.Role)
        {
            case HrmsRoles.Patient:
                Check(await grains.Grain<IPatientGrain>(account.Party).EndTokensAsync(command));
                break;
            case HrmsRoles.Practitioner:
                Check(await grains.Grain<IProviderGrain>(account.Party).EndTokensAsync(command));
                break;
            default:
                await using (var scope = scopes.CreateAsyncScope())
                    await scope.ServiceProvider.GetRequiredService<ConnectedApps>().DisconnectAllAsync(account, CancellationToken.None);
                break;
        }
    }

    private static void Check(Outcome<TokenEpoch> ended)
    {
        // Who erased their record or never confirmed their address has nothing that a token could open.
        if (ended.Refusal is { Code: not (RefusalCode.NotFound or RefusalCode.Erased) } refusal)
            throw new InvalidOperationException($"The tokens of the account could not be ended: {refusal.Code}.");
    }
}
