using Hrms.Contracts;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Patients;

/// <summary>Consents that may be used only so often.</summary>
public sealed partial class PatientGrain
{
    private ConsentUses? _uses;
    private Task? _counting;

    /// <summary>Every access line is written here: it counts as a use from the moment it is sent to the journal, so that two questions at once are two.</summary>
    private Task<long> NoteAsync(AccessHappened line)
    {
        _uses?.Count(line);
        return AppendLineAsync(line);
    }

    /// <summary>Knows the uses of the longest span that some consent counts in. Read from the journal once, or when a consent begins to count in a longer one.</summary>
    private async Task KnowUsesAsync()
    {
        while (State.Consents.Policy.Limited is { Count: > 0 } limited)
        {
            var since = Now - limited.Max(consent => consent.Terms.Frequency!.Span);
            if (_uses is not null && _uses.Since <= since)
                return;
            // Whoever asks meanwhile waits for the same count: what rests on a limited consent is answered with the whole of it.
            var counting = _counting ??= CountUsesAsync(since);
            try
            {
                await counting;
            }
            finally
            {
                if (_counting == counting)
                    _counting = null;
            }
        }
    }

    private async Task CountUsesAsync(DateTimeOffset since)
    {
        var uses = new ConsentUses(since);
        for (var before = long.MaxValue; ;)
        {
            var rows = await Services.Journal.PageAsync(Stream, EntryKind.Access, before, ReadAtOnce, CancellationToken.None);
            foreach (var row in rows.TakeWhile(row => row.RecordedAt > since))
                uses.Count((AccessHappened)Open(row));
            if (rows.Count < ReadAtOnce || rows[^1].RecordedAt <= since)
                break;
            before = rows[^1].Version;
        }
        _uses = uses;
    }

    private IReadOnlySet<ConsentId>? UsedUp() =>
        State.Consents.Policy.Limited is { Count: > 0 } limited ? _uses?.UsedUp(limited, Now) : null;
}
