using Hrms.Api.Auth;
using Hrms.Contracts;
using Microsoft.EntityFrameworkCore;

namespace Hrms.Api.Identity.Accounts;

/// <summary>
/// What happens to an account is in a tamper-evident history before it happens: a patient's in the patient's own, everybody else's in a stream of its own. Where the history can't be written,
/// nobody signs in and nothing is changed. Called by the pages and the OAuth endpoints.
/// </summary>
internal sealed class AccountHistory(IdentityDatabase database, IGrainFactory grains, TimeProvider clock)
{
    /// <summary>A flood of wrong passwords is one line in this time.</summary>
    public static readonly TimeSpan FailuresToldEvery = TimeSpan.FromHours(1);

    /// <summary>In whose name the grains are told: the accounts' server itself, which is no person.</summary>
    public static readonly Asker Server = new(new Actor(ActorKind.Operator, NameBasedId.Create("identity", "accounts")), PurposeOfUse.PATRQT);

    /// <summary>Who the account is, as the histories name it.</summary>
    public static Actor ActorOf(Account account) => account.Role switch
    {
        HrmsRoles.Patient => new Actor(ActorKind.Patient, account.Party),
        HrmsRoles.Practitioner => new Actor(ActorKind.Practitioner, account.Party),
        HrmsRoles.Organization => new Actor(ActorKind.Organization, account.Party),
        HrmsRoles.Administrator => new Actor(ActorKind.Administrator, account.Id),
        HrmsRoles.Auditor => new Actor(ActorKind.Auditor, account.Id),
        _ => new Actor(ActorKind.Operator, account.Id),
    };

    /// <summary>Writes down what the account's own person does. Answers when it is durable.</summary>
    /// <exception cref="NotRecordedException">It could not be written, or there is no such patient any more: it must not happen.</exception>
    public Task RecordAsync(Account account, AccountEventKind kind, string? about = null) => RecordAsync(account, new AccountAct(kind, ActorOf(account), About: about));

    /// <inheritdoc cref="RecordAsync(Account, AccountEventKind, string?)"/>
    public Task RecordAsync(Account account, AccountAct act) => NoteAsync(account, new NoteAccount(new CommandId(Guid.NewGuid()), Server, act));

    /// <summary>Writes down that somebody signs in, with what was tried in vain before, and returns the epoch of the tokens that may come of it.</summary>
    /// <exception cref="NotRecordedException">As above: nobody signs in.</exception>
    public async Task<TokenEpoch> SignInAsync(Account account, SignInWay way)
    {
        await TellFailuresAsync(account, CancellationToken.None);
        return await NoteAsync(account, new NoteAccount(new CommandId(Guid.NewGuid()), Server, new AccountAct(AccountEventKind.SignedIn, ActorOf(account), way), account.Recovery));
    }

    /// <summary>An organisation's own system gets a token.</summary>
    /// <exception cref="NotRecordedException">As above: it gets none.</exception>
    public async Task SignInAsync(string clientId, Guid organization) => Recorded(await grains.GetGrain<IAccountGrain>(AccountKey.Of(clientId)).NoteAsync(new NoteAccount(
        new CommandId(Guid.NewGuid()), Server, new AccountAct(AccountEventKind.SignedIn, new Actor(ActorKind.Organization, organization), SignInWay.ClientAssertion, clientId))));

    /// <summary>Counts that somebody did not get in, durably; the history is told by <see cref="TellFailuresAsync(CancellationToken)"/>, or when the person signs in.</summary>
    public Task FailedAsync(Account account) => !account.EmailConfirmed ? Task.CompletedTask : database.Database.ExecuteSqlAsync(
        $"""
        insert into identity.failed_sign_in (user_id, failures, since) values ({account.Id}, 1, {clock.GetUtcNow()})
        on conflict (user_id) do update set failures = failed_sign_in.failures + 1,
            since = case when failed_sign_in.failures = 0 then excluded.since else failed_sign_in.since end
        """);

    /// <summary>Tells the histories of failures that nobody has told yet, once an hour for each account at most.</summary>
    /// <returns>How many accounts it was about.</returns>
    public async Task<int> TellFailuresAsync(CancellationToken cancellationToken)
    {
        var toldBefore = clock.GetUtcNow() - FailuresToldEvery;
        var due = await database.Set<FailedSignIns>().Where(row => row.Failures > 0 && (row.ToldAt == null || row.ToldAt < toldBefore)).OrderBy(row => row.Since).Select(row => row.UserId)
            .Take(200).ToListAsync(cancellationToken);
        foreach (var account in await database.Users.Where(account => due.Contains(account.Id)).ToListAsync(cancellationToken))
        {
            try
            {
                await TellFailuresAsync(account, cancellationToken);
            }
            catch (NotRecordedException)
            {
                // One that does not answer does not keep the others waiting; the row stays.
            }
        }
        return due.Count;
    }

    public async Task<AccountHistoryPage> PageAsync(Account account, AccountHistoryQuery query) => Recorded(account.Role == HrmsRoles.Patient
        ? await grains.Grain<IPatientGrain>(account.Party).AccountHistoryAsync(query)
        : await GrainOf(account).HistoryAsync(query with { Asker = Server }));

    /// <summary>One line for all of them. The row stays locked meanwhile, and the line's command derives from it: whatever is interrupted, each failure is told once.</summary>
    private async Task TellFailuresAsync(Account account, CancellationToken cancellationToken)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var failed = await database.Set<FailedSignIns>().FromSql($"select * from identity.failed_sign_in where user_id = {account.Id} and failures > 0 for update").AsNoTracking()
            .SingleOrDefaultAsync(cancellationToken);
        if (failed is null)
            return;
        var act = new AccountAct(AccountEventKind.SignInFailed, ActorOf(account), Count: failed.Failures, Since: failed.Since);
        await NoteAsync(account, new NoteAccount(new CommandId(NameBasedId.Create("failed-sign-in", $"{account.Id:D}/{failed.Since.UtcTicks}")), Server, act));
        await database.Database.ExecuteSqlAsync($"update identity.failed_sign_in set failures = 0, told_at = {clock.GetUtcNow()} where user_id = {account.Id}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<TokenEpoch> NoteAsync(Account account, NoteAccount note) => Recorded(account.Role == HrmsRoles.Patient
        ? await grains.Grain<IPatientGrain>(account.Party).NoteAccountAsync(note)
        : await GrainOf(account).NoteAsync(note));

    private IAccountGrain GrainOf(Account account) => grains.GetGrain<IAccountGrain>(AccountKey.Of($"{account.Id:D}"));

    private static T Recorded<T>(Outcome<T> outcome) => outcome.Succeeded ? outcome.Value : throw new NotRecordedException(outcome.Refusal);
}

/// <summary>What was to happen to an account could not be written down, and so did not happen. The pages answer 503.</summary>
internal sealed class NotRecordedException(Refusal refusal) : Exception($"The account's history did not take it ({refusal.Code}). Nothing was changed; try again in a moment.")
{
    public Refusal Refusal => refusal;

    /// <summary>Whether there is nobody any more who could sign in: the record was erased. To who tries, as if there were no such account.</summary>
    public bool IsOfNobody => refusal.Code is RefusalCode.Erased or RefusalCode.NotFound;
}

/// <summary>How often somebody did not get into an account since its history was told.</summary>
public sealed class FailedSignIns
{
    public required Guid UserId { get; init; }

    public int Failures { get; init; }

    /// <summary>When the first of them was.</summary>
    public DateTimeOffset Since { get; init; }

    public DateTimeOffset? ToldAt { get; init; }
}
