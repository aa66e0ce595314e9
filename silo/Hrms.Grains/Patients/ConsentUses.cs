using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;

namespace Hrms.Grains.Patients;

/// <summary>
/// How often the consents that may be used only so often were used. Counted from the access lines, which are durable before data leaves; after a restart
/// they are counted again.
/// </summary>
internal sealed class ConsentUses(DateTimeOffset since)
{
    private readonly Dictionary<ConsentId, List<DateTimeOffset>> _uses = [];

    /// <summary>From when on every use is known.</summary>
    public DateTimeOffset Since => since;

    /// <summary>One permitted question is one use of each consent it rests on, however many records it brought.</summary>
    public void Count(AccessHappened line)
    {
        if (!line.Decision.Permitted)
            return;
        foreach (var consent in line.Records.Select(record => record.Decision).Append(line.Decision)
            .Where(decision => decision is { Permitted: true, Consent: not null }).Select(decision => decision.Consent!.Value).Distinct())
        {
            if (!_uses.TryGetValue(consent, out var times))
                _uses[consent] = times = [];
            times.Add(line.At);
        }
    }

    /// <summary>Those that have been used as often as they allow.</summary>
    public HashSet<ConsentId> UsedUp(IReadOnlyList<Consent> limited, DateTimeOffset now)
    {
        HashSet<ConsentId> usedUp = [];
        foreach (var consent in limited)
        {
            var frequency = consent.Terms.Frequency!;
            if (!_uses.TryGetValue(consent.Id, out var times))
                continue;
            times.RemoveAll(time => time <= now - frequency.Span);
            if (times.Count >= frequency.Frequency)
                usedUp.Add(consent.Id);
        }
        return usedUp;
    }
}
