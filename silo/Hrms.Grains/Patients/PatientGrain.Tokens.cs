using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Grains.Patients;

/// <summary>Which of the patient's tokens are still good. Looked at before anything else, at every question, command and event.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<TokenEpoch>> EndTokensAsync(EndTokens command) => CommandAsync(
        command.Asker, "signOutEverywhere", () => TokenRules.End(State, command, Now), () => State.Tokens, _ => PolicyChanged(),
        accountLine: () => new AccountHappened(Now, TokenRules.LineOf(command), command.Command));

    public Task<TokenEpoch> TokenEpochAsync() => Task.FromResult(State.Tokens);

    /// <summary>Whether the asker's token is one of before its person ended them all. Of another person, that person's grain knows.</summary>
    private async ValueTask<bool> IsEndedAsync(Asker asker)
    {
        if (asker.Actor.Kind != ActorKind.Patient)
            return false;
        var epoch = asker.Actor.Id == Id.Value ? State.Tokens : await GrainFactory.Grain<IPatientGrain>(asker.Actor.Id).TokenEpochAsync();
        return epoch.Ended(asker.Token);
    }

    /// <summary>Somebody comes with a token that was ended: the patient reads of it.</summary>
    private async Task<Refusal> RefuseEndedAsync(Asker asker, AccessAction action, string operation)
    {
        var line = new AccessHappened(Now, asker, action, operation, new Decision(false, DecisionReason.TokenEnded), [], State.PolicyVersion);
        await (IsErased || State.RegisteredAt is null ? PaceAsync(line) : AppendLineAsync(line));
        return TokenRules.TokenEnded;
    }
}
