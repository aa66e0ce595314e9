using Hrms.Contracts;
using Hrms.Domain.Accounts;
using Hrms.Domain.Patients;
using Hrms.Domain.Recovery;
using Hrms.Grains.Journaling;

namespace Hrms.Grains.Patients;

/// <summary>What happens to the patient's account: written down before it happens, and for the patient in person to read.</summary>
public sealed partial class PatientGrain
{
    private AccountLines? _accountLines;

    private AccountLines AccountLines =>
        _accountLines ??= new AccountLines(Services.Journal, Stream, row => Open(row) is AccountHappened noted ? (noted.At, noted.Act, noted.Command) : null);

    public async Task<Outcome<TokenEpoch>> NoteAccountAsync(NoteAccount command)
    {
        if (!AccountRules.IsTheAccountsServer(command.Asker))
            return NoSuchPatient;
        if (IsErased || State.RegisteredAt is null)
            return IsErased ? Erased : NoSuchPatient;
        if (command.Act.Kind == AccountEventKind.SignedIn && RecoveryRules.AreOld(State, command.Recovery))
            return RecoveryRules.CredentialsAreOld;
        // The epoch of now: what ends tokens while the line is written ends those of this sign-in, too.
        var epoch = State.Tokens;
        await AccountLines.WriteAsync(command.Command, isNew: false, () => AppendAccountLineAsync(new AccountHappened(Now, command.Act, command.Command)));
        return epoch;
    }

    public Task<Outcome<AccountHistoryPage>> AccountHistoryAsync(AccountHistoryQuery query)
    {
        var (before, wrong) = AccountLines.Begin(query);
        return wrong is not null
            ? Task.FromResult<Outcome<AccountHistoryPage>>(wrong)
            : AskAsync(query.Asker, AccessAction.View, "accountHistory", judge => judge.IsSelf
                ? Answer.Of<AccountHistoryPage>(judge.AsPatient, [], async () => await AccountLines.PageAsync(query.First, before))
                : Answer.None<AccountHistoryPage>(judge));
    }
}
