using Hrms.Api.Auth;
using Hrms.Api.Identity.OAuth;
using Hrms.Contracts;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;

namespace Hrms.Api.Identity.Accounts;

/// <summary>
/// Who had the record erased has no account any more. Nobody signs in from the erasure's beginning on (the grain refuses it); the rows go when the last access token of before is over, so that a
/// repeated command still gets its certificate. Each process follows the erasures from the first on, so that nothing is lost by a crash; deleting what is gone changes nothing.
/// </summary>
internal sealed class AccountDeletion(IServiceScopeFactory scopes, IGrainFactory grains, TimeProvider clock)
{
    private ErasedPatient? _after;

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() - TokenLifetimes.Access;
        while (await grains.GetGrain<IErasedPatientsGrain>(0).PageAsync(_after, Limits.PageSizeMax) is { Count: > 0 } page)
        {
            List<ErasedPatient> over = [.. page.TakeWhile(erased => erased.EndedAt <= until)];
            if (over.Count > 0)
                await DeleteAsync([.. over.Select(erased => erased.Patient.Value)], cancellationToken);
            _after = over.LastOrDefault() ?? _after;
            if (over.Count < page.Count)
                return;
        }
    }

    private async Task DeleteAsync(Guid[] patients, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDatabase>();
        var ids = await database.Users.Where(account => account.Role == HrmsRoles.Patient && patients.Contains(account.Party)).Select(account => account.Id).ToListAsync(cancellationToken);
        List<string?> subjects = [.. ids.Select(id => $"{id:D}")];
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Set<OpenIddictEntityFrameworkCoreToken<Guid>>().Where(token => subjects.Contains(token.Subject)).ExecuteDeleteAsync(cancellationToken);
        await database.Set<OpenIddictEntityFrameworkCoreAuthorization<Guid>>().Where(given => subjects.Contains(given.Subject)).ExecuteDeleteAsync(cancellationToken);
        // Passkeys, codes and what was tried go with it.
        await database.Users.Where(account => ids.Contains(account.Id)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
