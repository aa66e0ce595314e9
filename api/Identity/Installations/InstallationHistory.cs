using Hrms.Api.Identity.Accounts;
using Hrms.Contracts;
using Microsoft.EntityFrameworkCore;

namespace Hrms.Api.Identity.Installations;

/// <summary>
/// Tells the installation's tamper-evident stream what the accounts' server did by itself: apps that the file brought, keys, settings. It does so when it starts, before there is a silo to ask, so nobody could refuse
/// it; what it did stands in a row of the same transaction, and the stream learns of it within a minute. Called by the sweep of accounts.
/// </summary>
internal sealed class InstallationHistory(IdentityDatabase database, IGrainFactory grains)
{
    private const int AtOnce = 100;

    /// <summary>In order. The row stays locked until the stream has it, and the command is the row's: whatever is interrupted, each act is one line.</summary>
    /// <exception cref="NotRecordedException">The stream did not take it; the rows stay.</exception>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        while (await TellSomeAsync(cancellationToken) == AtOnce)
        {
        }
    }

    private async Task<int> TellSomeAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var acts = await database.Set<UntoldAct>().FromSql($"select * from identity.untold_act order by done_at, id limit {AtOnce} for update skip locked").AsNoTracking().ToListAsync(cancellationToken);
        foreach (var act in acts)
        {
            var told = await grains.Grain<IProviderGrain>(Installation.Id.Value).NoteActAsync(new NoteAct(new CommandId(act.Id), AccountHistory.Server, act.Kind, act.About, act.DoneAt));
            if (told.Refusal is { } refusal)
                throw new NotRecordedException(refusal);
            await database.Set<UntoldAct>().Where(row => row.Id == act.Id).ExecuteDeleteAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return acts.Count;
    }
}
