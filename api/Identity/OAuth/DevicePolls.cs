using Hrms.Api.Identity.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Hrms.Api.Identity.OAuth;

/// <summary>When a hub last asked whether its owner has said yes, and how long it has to wait before it asks again.</summary>
public sealed class DevicePoll
{
    /// <summary>The entry of the device code.</summary>
    public required Guid TokenId { get; init; }

    public DateTimeOffset PolledAt { get; init; }

    public int IntervalSeconds { get; init; }

    /// <summary>Whether that poll came too early.</summary>
    public bool TooEarly { get; init; }
}

/// <summary>How fast hubs may poll (RFC 8628, section 3.5), counted in PostgreSQL, so that it is the same whichever API process is asked. Called by <see cref="SlowDown"/>.</summary>
internal sealed class DevicePolls(IdentityDatabase database, TimeProvider clock)
{
    /// <summary>What the device authorization response says.</summary>
    public const int IntervalSeconds = 5;

    /// <summary>By how much the interval grows each time that somebody comes too early, and how far.</summary>
    private const int StepSeconds = 5, IntervalMaxSeconds = 60;

    /// <summary>Who waits as told may still seem early by this: one request takes longer on its way than the next.</summary>
    private const int JitterSeconds = 1;

    /// <summary>Notes a poll. The first one is never too early. One statement: of two at once one is first.</summary>
    public async Task<bool> IsTooEarlyAsync(Guid deviceCode, CancellationToken cancellationToken) => (await database.Database.SqlQuery<bool>(
        $"""
        insert into identity.device_poll as poll (token_id, polled_at, interval_seconds, too_early) values ({deviceCode}, {clock.GetUtcNow()}, {IntervalSeconds}, false)
        on conflict (token_id) do update set
            too_early = excluded.polled_at < poll.polled_at + make_interval(secs => poll.interval_seconds - {JitterSeconds}),
            interval_seconds = case when excluded.polled_at < poll.polled_at + make_interval(secs => poll.interval_seconds - {JitterSeconds})
                then least(poll.interval_seconds + {StepSeconds}, {IntervalMaxSeconds}) else poll.interval_seconds end,
            polled_at = excluded.polled_at
        returning too_early as "Value"
        """).ToListAsync(cancellationToken)).Single();
}
