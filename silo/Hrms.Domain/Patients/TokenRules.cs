using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Domain.Patients;

/// <summary>Who may end all of a patient's tokens. Called by the patient's grain.</summary>
public static class TokenRules
{
    /// <summary>The newest commands that are remembered, to tell a repeat from a new wish.</summary>
    public const int CommandsKept = 32;

    public static Decided<PatientEvent> End(PatientState state, EndTokens command, DateTimeOffset now)
    {
        if (!ConsentRules.IsPatient(state, command.Asker) && !(state.RegisteredAt is not null && IsTheAccountsServer(command.Asker)))
            return Refusal.NotFound("No such patient.");
        return state.TokensEndedBy.Contains(command.Command)
            ? Decided<PatientEvent>.AlreadyDone
            : new TokensEnded(now, state.Tokens.Number + 1, command.Asker.Actor, command.Command);
    }

    /// <summary>Who comes by no token: operators, who do, can end nobody's.</summary>
    private static bool IsTheAccountsServer(Asker asker) => asker is { Actor.Kind: ActorKind.Operator, Token: null, Scope: null };

    public static Refusal TokenEnded { get; } = new(RefusalCode.TokenEnded, "This token was ended: its person signed out everywhere, or changed how they sign in. Sign in again.");
}
