using Hrms.Api.Identity.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Hrms.Api.Identity.OAuth;

/// <summary>Remembers what is good once (clients' assertions, codes of authenticator apps) until it would not be good any more anyway; the same for all nodes.</summary>
internal sealed class GoodOnce(IdentityDatabase database, TimeProvider clock)
{
    /// <summary>True for the first who comes with it.</summary>
    /// <param name="digest">A hash of it, its kind included.</param>
    /// <param name="until">From when on the same digest stands for something new.</param>
    public async Task<bool> UseAsync(byte[] digest, DateTimeOffset until, CancellationToken cancellationToken) => await database.Database.ExecuteSqlAsync(
        $"""
        insert into identity.seen_assertion (digest, expires_at) values ({digest}, {until.ToUniversalTime()})
        on conflict (digest) do update set expires_at = excluded.expires_at where seen_assertion.expires_at < {clock.GetUtcNow()}
        """,
        cancellationToken) == 1;
}
