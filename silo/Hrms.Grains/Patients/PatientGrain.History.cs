using System.Diagnostics;
using System.Globalization;
using Hrms.Contracts;
using Hrms.Domain.Disclosures;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Patients;

/// <summary>Who looked: the patient pages the access lines from the journal, newest first. They are no part of the grain's memory.</summary>
public sealed partial class PatientGrain
{
    private const int ReadAtOnce = 200;

    // How long one call looks through lines for a rare filter; the answer then ends early with a cursor to go on from.
    private static readonly TimeSpan LookThroughFor = TimeSpan.FromMilliseconds(40);

    // A line says when it was asked and is recorded when it is written, a moment later, and to the microsecond: no call takes as long.
    private static readonly TimeSpan WritingMax = TimeSpan.FromMinutes(1);

    public Task<Outcome<AccessHistoryPage>> AccessHistoryAsync(AccessHistoryQuery query)
    {
        if (query.First is < 1 or > Limits.PageSizeMax)
            return Task.FromResult<Outcome<AccessHistoryPage>>(new Refusal(RefusalCode.Invalid, $"A page has 1 to {Limits.PageSizeMax} lines.", "first"));
        long before = long.MaxValue;
        if (query.After is not null && !(long.TryParse(query.After, NumberStyles.None, CultureInfo.InvariantCulture, out before) && before > 0))
            return Task.FromResult<Outcome<AccessHistoryPage>>(new Refusal(RefusalCode.Invalid, "This is not a cursor of a page of lines.", "after"));
        return AskAsync(query.Asker, AccessAction.View, "accessHistory", judge => judge.ActsAsPatient
            ? Answer.Of<AccessHistoryPage>(judge.AsPatient, [], async () => await WithholdingAsync(withholding => LinesAsync(query, before, withholding)))
            : Answer.None<AccessHistoryPage>(judge));
    }

    private async Task<AccessHistoryPage> LinesAsync(AccessHistoryQuery query, long before, Withholding withholding)
    {
        // A stream's times ascend: a period of long ago is found, not walked to, and its end is the page's.
        if (query.Period?.Until is { } until)
            before = Math.Min(before, await FirstSinceAsync(until + WritingMax, (await Services.Journal.HeadAsync(Stream, CancellationToken.None)).Version));
        var readAtOnce = IsSieve(query) ? ReadAtOnce : query.First + 1;
        List<AccessLine> lines = [];
        var began = Stopwatch.GetTimestamp();
        do
        {
            var rows = await Services.Journal.PageAsync(Stream, EntryKind.Access, before, readAtOnce, CancellationToken.None);
            foreach (var row in rows)
            {
                if (row.RecordedAt + WritingMax < query.Period?.From)
                    return new AccessHistoryPage(lines, false, lines.Count > 0 ? CursorOf(before) : null);
                before = row.Version;
                var line = withholding.Shown((AccessHappened)Open(row), row.Version);
                if (Matches(query, line))
                    lines.Add(line);
                if (lines.Count == query.First)
                    return new AccessHistoryPage(lines, row != rows[^1] || rows.Count == readAtOnce, CursorOf(before));
            }
            if (rows.Count < readAtOnce)
                return new AccessHistoryPage(lines, false, lines.Count > 0 ? CursorOf(before) : null);
        }
        while (Stopwatch.GetElapsedTime(began) < LookThroughFor);
        return new AccessHistoryPage(lines, true, CursorOf(before));
    }

    /// <summary>Whether lines of the period are left out, too.</summary>
    private static bool IsSieve(AccessHistoryQuery query) => query.Actor is not null || query.Record is not null || query.Permitted is not null || query.Purpose is not null;

    // What is withheld is found by nothing but its time: being found tells what it is.
    private static bool Matches(AccessHistoryQuery query, AccessLine line) => line.IsWithheld
        ? query is { Actor: null, Record: null, Permitted: null, Purpose: null } && (query.Period is null || query.Period.Contains(line.At))
        : (query.Actor is null || line.Asker.Actor.Id == query.Actor || line.Asker.OnBehalfOf?.Id == query.Actor)
        && (query.Record is null || line.Records.Any(record => record.Id == query.Record))
        && (query.Permitted is null || line.Decision.Permitted == query.Permitted)
        && (query.Purpose is null || line.Asker.Purpose == query.Purpose)
        && (query.Period is null || query.Period.Contains(line.At));

    private static string CursorOf(long version) => version.ToString(CultureInfo.InvariantCulture);
}
