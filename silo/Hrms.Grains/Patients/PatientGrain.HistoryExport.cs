using System.Text;
using Hrms.Contracts;
using Hrms.Domain.Disclosures;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;

namespace Hrms.Grains.Patients;

/// <summary>The history of a period to take home, with the proof that no line is missing. Only to the patient.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<HistoryExport>> ExportHistoryAsync(HistoryExportRequest request) => AskAsync(
        request.Asker, AccessAction.Export, "accessHistoryExport", judge => judge.ActsAsPatient
            ? Answer.Of<HistoryExport>(judge.AsPatient, [], () => WithholdingAsync(withholding => ExportAsync(request.Period, withholding)))
            : Answer.None<HistoryExport>(judge));

    private async Task<Outcome<HistoryExport>> ExportAsync(Period period, Withholding withholding)
    {
        var (newest, _) = await Services.Journal.HeadAsync(Stream, CancellationToken.None);
        // The events right before and after belong to the proof: by them it shows that none inside the period is missing.
        var first = period.From is { } from ? Math.Max(1, await FirstSinceAsync(from, newest) - 1) : 1;
        var last = period.Until is { } until ? Math.Min(newest, await FirstSinceAsync(until, newest)) : newest;
        if (last - first >= Limits.HistoryExportEventsMax)
            return new Refusal(
                RefusalCode.Invalid, $"The period has more than {Limits.HistoryExportEventsMax} events. Ask for it in parts.", "until");
        List<(JournalRow Row, PatientEvent Event)> events = [];
        await foreach (var row in Services.Journal.ReadAsync(Stream, first - 1, null, CancellationToken.None))
        {
            // The last event is opened by the proof: it goes on until one that may be.
            if (row.Version > last && (events.Count > Limits.HistoryExportEventsMax || !withholding.Withholds(events[^1].Event)))
                break;
            events.Add((row, Open(row)));
        }
        var (anchored, anchor) = await NewestAnchoredAsync(events, withholding);
        if (PlaceOf(anchor) is not { } place)
            return new Refusal(RefusalCode.WrongState, "These events are durable but not yet on the ledger. Ask again in a moment.", "from");
        events = events[..anchored];
        var rows = events.ConvertAll(happened => happened.Row);
        var withheld = events.Where(happened => withholding.Withholds(happened.Event)).Select(happened => happened.Row.Version).ToHashSet();
        var proof = Encoding.UTF8.GetString(ProofJson.Write(HistoryProof.Of(rows, Keys, anchor!.Path, place, withheld)));
        AccessLine[] lines =
        [
            .. from happened in events
               where happened.Event is AccessHappened && period.Contains(happened.Event.At)
               select withholding.Shown((AccessHappened)happened.Event, happened.Row.Version),
        ];
        var now = Now;
        return new HistoryExport(
            lines, rows[0].Version, rows[^1].Version, events[^1].Event.At, proof, await DisclosuresAsync(lines),
            [.. State.Suspensions.Where(told => told.Until <= now && (period.Contains(told.At) || period.Contains(told.Until)))]);
    }

    /// <summary>The version of the first event recorded at a time or later; one above the newest when there is none. A stream's times ascend.</summary>
    private async Task<long> FirstSinceAsync(DateTimeOffset time, long newest)
    {
        var (below, above) = (1L, newest + 1);
        while (below < above)
        {
            var middle = below + (above - below) / 2;
            if (await Services.Journal.FindAsync(Stream, middle, CancellationToken.None) is { } row && row.RecordedAt < time)
                below = middle + 1;
            else
                above = middle;
        }
        return below;
    }

    /// <summary>How many of the events are on the ledger and, of these, up to the last that may be opened; and where that one is. The ledger takes them in their order.</summary>
    private async Task<(int Count, LeafAnchor? Last)> NewestAnchoredAsync(List<(JournalRow Row, PatientEvent Event)> events, Withholding withholding)
    {
        var (count, last) = (0, (LeafAnchor?)null);
        for (int below = 0, above = events.Count, middle = events.Count - 1; below < above; middle = below + (above - below) / 2)
        {
            var anchor = await AnchorOfAsync(events[middle].Row);
            if (PlaceOf(anchor) is null)
                above = middle;
            else
                (below, count, last) = (middle + 1, middle + 1, anchor);
        }
        var shown = events.FindLastIndex(Math.Max(count - 1, 0), count, happened => !withholding.Withholds(happened.Event)) + 1;
        return (shown, shown == count ? last : shown == 0 ? null : await AnchorOfAsync(events[shown - 1].Row));
    }

    private Task<LeafAnchor?> AnchorOfAsync(JournalRow row) => Writer.AnchorAsync(row.TransactionId, row.Position);
}
