using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Grains.Patients;

/// <summary>Which of the patient's tokens are still good. Looked at before anything else, at every question, command and event.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<TokenEpoch>> EndTokensAsync(EndTokens command) => CommandAsync(
        command.Asker, "signOutEverywhere", () => TokenRules.End(State, command, Now), () => State.Tokens, _ => PolicyChanged(),
        accountLine: () => new AccountHappened(Now, TokenRules.LineOf(command), command.Command));

    public async Task<TokenEpoch> TokenEpochAsync()
    {
        await BeNewestAsync();
        return State.Tokens;
    }

    /// <summary>What the asker's own grain says of them now: whether the token is one of before they were ended, and the groups they belong to where some consent names a group. One question.</summary>
    private async ValueTask<Standing> StandingOfAsync(Asker asker)
    {
        switch (asker.Actor.Kind)
        {
            case ActorKind.Patient:
                var epoch = asker.Actor.Id == Id.Value ? State.Tokens : await GrainFactory.Grain<IPatientGrain>(asker.Actor.Id).TokenEpochAsync();
                return new Standing(epoch.Ended(asker.Token), []);
            case ActorKind.Practitioner or ActorKind.Organization:
                var standing = await GrainFactory.Grain<IProviderGrain>(asker.Actor.Id).StandingAsync();
                return new Standing(standing.Tokens.Ended(asker.Token), asker.Actor.Kind == ActorKind.Practitioner && State.Consents.Policy.NamesGroups ? standing.Memberships : []);
            default:
                return new Standing(false, []);
        }
    }

    private readonly record struct Standing(bool IsEnded, IReadOnlyCollection<Membership> Memberships);

    /// <summary>Somebody comes with a token that was ended: the patient reads of it.</summary>
    private async Task<Refusal> RefuseEndedAsync(Asker asker, AccessAction action, string operation)
    {
        var line = new AccessHappened(Now, asker, action, operation, new Decision(false, DecisionReason.TokenEnded), [], State.PolicyVersion);
        await (IsErased || State.RegisteredAt is null ? PaceAsync(line) : AppendLineAsync(line));
        return TokenRules.TokenEnded;
    }
}
