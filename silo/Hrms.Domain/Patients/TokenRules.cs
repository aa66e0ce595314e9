using Hrms.Contracts;
using Hrms.Domain.Accounts;
using Hrms.Domain.Consents;

namespace Hrms.Domain.Patients;

/// <summary>Who may end all of a patient's tokens. Called by the patient's grain.</summary>
public static class TokenRules
{
    /// <summary>The newest commands that are remembered, to tell a repeat from a new wish.</summary>
    public const int CommandsKept = 32;

    public static Decided<PatientEvent> End(PatientState state, EndTokens command, DateTimeOffset now)
    {
        if (!ConsentRules.IsPatient(state, command.Asker) && !(state.RegisteredAt is not null && AccountRules.IsTheAccountsServer(command.Asker)))
            return Refusal.NotFound("No such patient.");
        return state.TokensEndedBy.Contains(command.Command)
            ? Decided<PatientEvent>.AlreadyDone
            : new TokensEnded(now, state.Tokens.Number + 1, command.Asker.Actor, command.Command);
    }

    /// <summary>What the account's history says of it. Only the account's server knows of another reason than that the patient wanted it.</summary>
    public static AccountAct LineOf(EndTokens command) =>
        AccountRules.IsTheAccountsServer(command.Asker) && command.Because is { } because ? because : new AccountAct(AccountEventKind.SignedOutEverywhere, command.Asker.Actor);

    public static Refusal TokenEnded { get; } = new(RefusalCode.TokenEnded, "This token was ended: its person signed out everywhere, or changed how they sign in. Sign in again.");
}
