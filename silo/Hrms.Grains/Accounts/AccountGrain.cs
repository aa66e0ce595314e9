using Hrms.Contracts;
using Hrms.Domain;
using Hrms.Domain.Accounts;
using Hrms.Domain.Ports;
using Hrms.Grains.Journaling;

namespace Hrms.Grains.Accounts;

/// <summary>What happened to an account that is no patient's, in a stream of its own: sealed, chained and on the ledger like every other.</summary>
public sealed class AccountGrain(StreamServices services, [PersistentState("account")] IPersistentState<StreamSnapshot> snapshot)
    : StreamGrain<AccountState, AccountEvent>(services, snapshot), IAccountGrain
{
    private AccountLines? _lines;

    protected override StreamId Stream => new(this.GetPrimaryKey());

    private AccountLines Lines => _lines ??= new AccountLines(Services.Journal, Stream, row => Open(row) is AccountNoted noted ? (noted.At, noted.Act, noted.Command) : null);

    public async Task<Outcome<TokenEpoch>> NoteAsync(NoteAccount command)
    {
        if (!AccountRules.IsTheAccountsServer(command.Asker))
            return Unknown;
        await Lines.WriteAsync(command.Command, isNew: State.Of is null, async () =>
        {
            var line = new AccountNoted(Now, command.Act, command.Command);
            if (State.Of is null)
                await CommitAsync([new AccountOpened(Now, command.Act.By)], accountLine: line);
            else
                await AppendAccountLineAsync(line);
        });
        return TokenEpoch.First;
    }

    public async Task<Outcome<AccountHistoryPage>> HistoryAsync(AccountHistoryQuery query)
    {
        if (!AccountRules.IsTheAccountsServer(query.Asker))
            return Unknown;
        var (before, wrong) = AccountLines.Begin(query);
        return wrong is not null ? wrong : State.Of is null ? new AccountHistoryPage([], false, null) : await Lines.PageAsync(query.First, before);
    }

    protected override AccountState Initial() => AccountState.Initial;

    protected override AccountState Fold(AccountState state, IReadOnlyList<AccountEvent> events, long firstVersion) => events.Aggregate(state, (folded, happened) => folded.After(happened));

    protected override byte[] WriteSnapshot(AccountState state) => EventJson.Write(state);

    protected override AccountState ReadSnapshot(byte[] json) => EventJson.Read<AccountState>(json);

    private static Refusal Unknown => Refusal.NotFound("No such account.");
}
