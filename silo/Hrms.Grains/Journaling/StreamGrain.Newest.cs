using System.Diagnostics;
using Hrms.Contracts;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Journaling;

/// <summary>
/// Answers that rest on memory alone. While silos don't reach each other, another activation may have made durable what this one does not know; what is appended finds that out, and for these
/// nothing is.
/// </summary>
public abstract partial class StreamGrain<TState, TEvent>
{
    private static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(1);

    // When the journal was asked last.
    private long _confirmedAt;

    /// <summary>For a refusal: who revokes a consent that was just given must not hear that there is none.</summary>
    /// <exception cref="JournalConflictException">Somebody else has written: the asker repeats, and the next activation knows.</exception>
    protected async Task<Refusal> ConfirmedAsync(Refusal refusal)
    {
        await ConfirmAsync();
        return refusal;
    }

    /// <summary>For an answer on which others rest what they permit: who left a group elsewhere, or whose tokens were ended there, is believed for <see cref="BelievedFor"/> at most.</summary>
    /// <exception cref="JournalConflictException">Somebody else has written: nothing is permitted by what this activation remembers.</exception>
    protected async ValueTask BeNewestAsync()
    {
        if (Stopwatch.GetElapsedTime(_confirmedAt) >= BelievedFor)
            await ConfirmAsync();
    }

    private async Task ConfirmAsync()
    {
        var asked = Stopwatch.GetTimestamp();
        try
        {
            var isThere = _appender is null && !IsForeign && (await services.Journal.HeadAsync(Stream, CancellationToken.None)).Version > 0;
            // This activation itself may have begun the stream meanwhile.
            if (_appender is not null)
                await _appender.ConfirmAsync();
            else if (isThere)
                throw new JournalConflictException(Stream, 0);
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
        _confirmedAt = asked;
    }
}
