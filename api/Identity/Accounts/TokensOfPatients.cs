using Hrms.Api.Auth;
using Hrms.Contracts;

namespace Hrms.Api.Identity.Accounts;

/// <summary>Which of a patient's tokens are still good is the patient's grain's word: asked by whoever issues one, told before anything changes how the account is entered.</summary>
internal sealed class TokensOfPatients(IGrainFactory grains)
{
    /// <summary>In whose name the grains are told: the accounts' server itself, which is no person.</summary>
    private static readonly Actor Server = new(ActorKind.Operator, NameBasedId.Create("identity", "tokens"));

    public async Task<TokenEpoch> EpochAsync(Account account) =>
        account.Role == HrmsRoles.Patient ? await grains.Grain<IPatientGrain>(account.Party).TokenEpochAsync() : TokenEpoch.First;

    /// <summary>
    /// Ends all tokens of before, wherever they are used. Called before the change that it is about: what is interrupted in between has signed somebody out, and never left a
    /// token good.
    /// </summary>
    /// <exception cref="InvalidOperationException">The grain did not take it; nothing may be changed now.</exception>
    public async Task EndAsync(Account account)
    {
        if (account.Role != HrmsRoles.Patient)
            return;
        var ended = await grains.Grain<IPatientGrain>(account.Party).EndTokensAsync(new EndTokens(new CommandId(Guid.NewGuid()), new Asker(Server, PurposeOfUse.PATRQT)));
        // Who erased their record or never confirmed their address has nothing that a token could open.
        if (ended.Refusal is { Code: not (RefusalCode.NotFound or RefusalCode.Erased) } refusal)
            throw new InvalidOperationException($"The tokens of the account could not be ended: {refusal.Code}.");
    }
}
