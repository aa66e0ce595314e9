using System.Text;
using Hrms.Contracts;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;

namespace Hrms.Grains.Patients;

/// <summary>The history of a period to take home, with the proof that no line is missing. Only to the patient.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<HistoryExport>> ExportHistoryAsync(HistoryExportRequest request) => AskAsync(
        request.Asker, AccessAction.Export, "accessHistoryExport", judge => judge.ActsAsPatient
            ? Answer.Of<HistoryExport>(judge.AsPatient, [], () => ExportAsync(request.Period))
            : Answer.None<HistoryExport>(judge));

    private async Task<Outcome<HistoryExport>> ExportAsync(Period period)
    {
        var (newest, _) = await Services.Journal.HeadAsync(Stream, CancellationToken.None);
        // The events right before and after belong to the proof: by them it shows that none inside the period is missing.
        var first = period.From is { } from ? Math.Max(1, await FirstSinceAsync(from, newest) - 1) : 1;
        var last = period.Until is { } until ? Math.Min(newest, await FirstSinceAsync(until, newest)) : newest;
        if (last - first >= Limits.HistoryExportEventsMax)
            return new Refusal(
                RefusalCode.Invalid, $"The period has more than {Limits.HistoryExportEventsMax} events. Ask for it in parts.", "until");
        List<JournalRow> rows = [];
        await foreach (var row in Services.Journal.ReadAsync(Stream, first - 1, null, CancellationToken.None))
        {
            if (row.Version > last)
                break;
            rows.Add(row);
        }
        var (anchored, anchor) = await NewestAnchoredAsync(rows);
        if (PlaceOf(anchor) is not { } place)
            return new Refusal(RefusalCode.WrongState, "These events are durable but not yet on the ledger. Ask again in a moment.", "from");
        rows = rows[..anchored];
        var lines = rows.Where(row => row.Kind == EntryKind.Access).Select(row => ((AccessHappened)Open(row)).Line(row.Version)).Where(line => period.Contains(line.At));
        var proof = Encoding.UTF8.GetString(ProofJson.Write(HistoryProof.Of(rows, Keys, anchor!.Path, place)));
        return new HistoryExport([.. lines], rows[0].Version, rows[^1].Version, Open(rows[^1]).At, proof);
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

    /// <summary>How many of the rows are on the ledger, and where the last of these is. The ledger takes them in their order.</summary>
    private async Task<(int Count, LeafAnchor? Last)> NewestAnchoredAsync(List<JournalRow> rows)
    {
        var (count, last) = (0, (LeafAnchor?)null);
        for (int below = 0, above = rows.Count, middle = rows.Count - 1; below < above; middle = below + (above - below) / 2)
        {
            var anchor = await Writer.AnchorAsync(rows[middle].TransactionId, rows[middle].Position);
            if (PlaceOf(anchor) is null)
                above = middle;
            else
                (below, count, last) = (middle + 1, middle + 1, anchor);
        }
        return (count, last);
    }
}
