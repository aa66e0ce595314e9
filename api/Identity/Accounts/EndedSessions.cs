using Hrms.Api.Identity.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Hrms.Api.Identity.Accounts;

/// <summary>A session whose person signed out.</summary>
public sealed class EndedSession
{
    public required Guid Id { get; init; }

    /// <summary>When it would have been over anyway.</summary>
    public DateTimeOffset EndsAt { get; init; }
}

/// <summary>
/// Who signs out has ended the session and not only forgotten its cookie: a copy of it is as good as none, in every API process. Called by the pages and by whoever takes a session's cookie.
/// </summary>
internal sealed class EndedSessions(IdentityDatabase database, TimeProvider clock)
{
    /// <summary>Of the session of this request; where nobody is signed in it does nothing. Answers when it is durable.</summary>
    public async Task EndAsync(HttpContext http)
    {
        if (SessionOf.IdOf(http) is { } session)
            await database.Database.ExecuteSqlAsync(
                $"insert into identity.ended_session (id, ends_at) values ({session}, {clock.GetUtcNow() + TokenLifetimes.PageInAll}) on conflict do nothing", CancellationToken.None);
    }

    public Task<bool> IsEndedAsync(Guid session, CancellationToken cancellationToken) =>
        database.Set<EndedSession>().AnyAsync(row => row.Id == session, cancellationToken);
}
