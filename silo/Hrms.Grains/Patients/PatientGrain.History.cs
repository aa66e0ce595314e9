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

    // How many lines one call looks through for a rare filter; the answer then ends early with a cursor to go on from.
    private const int LookThroughMax = 10_000;

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
        List<AccessLine> lines = [];
        for (var looked = 0; looked < LookThroughMax;)
        {
            var rows = await Services.Journal.PageAsync(Stream, EntryKind.Access, before, ReadAtOnce, CancellationToken.None);
            foreach (var row in rows)
            {
                before = row.Version;
                looked++;
                var line = withholding.Shown((AccessHappened)Open(row), row.Version);
                if (Matches(query, line))
                    lines.Add(line);
                if (lines.Count == query.First)
                    return new AccessHistoryPage(lines, row != rows[^1] || rows.Count == ReadAtOnce, CursorOf(before));
            }
            if (rows.Count < ReadAtOnce)
                return new AccessHistoryPage(lines, false, lines.Count > 0 ? CursorOf(before) : null);
        }
        return new AccessHistoryPage(lines, true, CursorOf(before));
    }

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
