using System.Text;
using Hrms.Contracts;
using Hrms.Domain.Disclosures;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Sealing;
using Hrms.Grains.Journaling;

namespace Hrms.Grains.Patients;

/// <summary>What the ledger has of this patient, checked and shown. Only to the patient.</summary>
public sealed partial class PatientGrain
{
    // A check of one patient's history is not a check of the whole lane, which may hold millions of batches: ledgerCheck goes through those page by page.
    private const int LaneBatchesMax = 1_000;

    private ILedgerWriterGrain Writer => GrainFactory.GetGrain<ILedgerWriterGrain>(Lane);

    private int Lane => Lanes.Of(Stream, Services.Lanes.LaneCount);

    public Task<Outcome<AnchorState>> AnchorAsync(Asker asker, long streamVersion) => AskAsync(
        asker, AccessAction.View, "anchor", judge => judge.ActsAsPatient
            ? Answer.Of<AnchorState>(judge.AsPatient, [], () => AnchorStateAsync(streamVersion))
            : Answer.None<AnchorState>(judge));

    public Task<Outcome<HistoryCheck>> CheckHistoryAsync(Asker asker, long from, int batches) => AskAsync(
        asker, AccessAction.View, "checkHistory", judge => judge.ActsAsPatient
            ? Answer.Of<HistoryCheck>(judge.AsPatient, [], async () => await CheckAsync(Math.Max(1, from), Math.Clamp(batches, 1, Limits.HistoryBatchesMax)))
            : Answer.None<HistoryCheck>(judge));

    public Task<Outcome<string>> ProveAsync(ProofRequest request) => AskAsync(
        request.Asker, AccessAction.Export, "proof", judge => judge.ActsAsPatient
            ? Answer.Of<string>(judge.AsPatient, [], () => WithholdingAsync(withholding => ProofAsync(request.StreamVersion, withholding)))
            : Answer.None<string>(judge));

    private async Task<Outcome<string>> ProofAsync(long streamVersion, Withholding withholding)
    {
        if (await Services.Journal.FindAsync(Stream, streamVersion, CancellationToken.None) is not { } row)
            return Refusal.NotFound("No such event.");
        var happened = Open(row);
        if (withholding.Withholds(happened))
            return new Refusal(RefusalCode.WrongState, "This event is withheld for a time, since an official body's statement holds (45 CFR 164.528(a)(2)).", "streamVersion");
        if (await Writer.AnchorAsync(row.TransactionId, row.Position) is not { } anchor || PlaceOf(anchor) is not { } place)
            return new Refusal(RefusalCode.WrongState, "The event is durable but not yet on the ledger. Ask again in a moment.", "streamVersion");
        var content = happened switch
        {
            RecordAdded added => await ContentOfAsync(added.Record, streamVersion),
            RecordAmended amended => await ContentOfAsync(amended.Record, streamVersion),
            _ => null,
        };
        return Encoding.UTF8.GetString(ProofBundleJson.Write(ProofBundle.Of(row, Keys.EventKey(row.Version), anchor.Path, place, content)));
    }

    /// <summary>Null while no block holds it.</summary>
    internal static ProofAnchor? PlaceOf(LeafAnchor? anchor) =>
        anchor is { BlockNumber: { } block, BlockHash: { } blockHash, BlockTime: { } blockTime }
            ? new ProofAnchor(
                anchor.ChainId, anchor.GenesisHash, anchor.Contract, anchor.Lane, anchor.Number, anchor.Root, anchor.TransactionHash, block, blockHash, blockTime)
            : null;

    private async Task<ProofContent?> ContentOfAsync(StoredRecord record, long streamVersion)
    {
        var stored = (await Services.Contents.ReadAsync(Stream, [Convert.FromHexString(record.ContentHash)], CancellationToken.None))[0];
        if (stored is null)
            return null;
        var place = PlaceOf(record.Id, record.Version);
        try
        {
            return new ProofContent(stored.Ciphertext, Keys.UnwrapDataKey(stored.WrappedKey, Encoding.UTF8.GetBytes(place)), place);
        }
        catch (SealBrokenException broken)
        {
            throw Tampered(IntegrityViolation.Content, streamVersion, broken);
        }
    }

    private async Task<Outcome<AnchorState>> AnchorStateAsync(long streamVersion)
    {
        if (await Services.Journal.FindAsync(Stream, streamVersion, CancellationToken.None) is not { } row)
            return Refusal.NotFound("No such event.");
        var anchor = await Writer.AnchorAsync(row.TransactionId, row.Position);
        return new AnchorState(streamVersion, Services.Lanes.FirstLane + Lane, anchor?.Number, anchor?.BlockNumber, anchor?.BlockTime);
    }

    private async Task<HistoryCheck> CheckAsync(long from, int batchesMax)
    {
        var before = from == 1 ? null : await Services.Journal.FindAsync(Stream, from - 1, CancellationToken.None);
        var check = new StreamCheck(Stream, before);
        var isAnchored = true;
        List<long> batches = [];
        LeafAnchor? anchor = null;
        List<string> problems = [];
        long? firstWrong = null;
        await foreach (var row in Services.Journal.ReadAsync(Stream, from - 1, null, CancellationToken.None))
        {
            // A stream's rows stand in the journal's order, and a batch is rebuilt from all its rows: asking once a batch is enough.
            var isOfSameBatch = anchor is not null && (row.TransactionId, row.Position).CompareTo((anchor.ThroughTransactionId, anchor.ThroughPosition)) <= 0;
            if (!isOfSameBatch && batches.Count == batchesMax)
                return Told(new HistoryCheck(check.Count, batches.Count, problems, row.Version));
            problems.AddRange(check.Next(row, Keys));
            firstWrong ??= problems.Count > 0 ? row.Version : null;
            if (isOfSameBatch)
                continue;
            try
            {
                anchor = isAnchored ? await Writer.AnchorAsync(row.TransactionId, row.Position, withBlock: false) : null;
                isAnchored &= anchor is not null;
                if (anchor is null)
                    continue;
                batches.Add(anchor.Number);
                if (!MerkleTree.RootOf(row.Leaf, anchor.Path).AsSpan().SequenceEqual(anchor.Root))
                {
                    problems.Add($"Row {row.Version}: batch {anchor.Number} of lane {anchor.Lane} does not hold it.");
                    firstWrong ??= row.Version;
                }
            }
            catch (TamperedBatchException tampered)
            {
                problems.Add($"Row {row.Version}: {tampered.Message}");
            }
        }
        // A part without a batch of its own begins in the one that the part before ended in.
        var since = batches is [var first, ..] ? first : await BatchOfAsync(before);
        return Told(new HistoryCheck(check.Count, await CheckLaneAsync(since, batches, problems), problems));

        // Once a check: what it says of batches, their lane's writer has told.
        HistoryCheck Told(HistoryCheck told)
        {
            if (firstWrong is { } version)
                Services.Logger.Raise(IntegrityViolation.History, Stream, version);
            return told;
        }
    }

    private async Task<long> BatchOfAsync(JournalRow? row)
    {
        try
        {
            return row is null ? 1 : (await Writer.AnchorAsync(row.TransactionId, row.Position, withBlock: false))?.Number ?? 1;
        }
        catch (TamperedBatchException)
        {
            return 1;       // told by the part before
        }
    }

    /// <summary>
    /// A stream whose newest rows were deleted looks only shorter, and what is appended later takes their versions. But the batch that holds their leaves is no
    /// longer what the journal gives.
    /// </summary>
    /// <param name="since">The first batch that may hold rows of the part of the stream that was checked.</param>
    /// <param name="own">Batches that hold rows of this stream, in order; compared already.</param>
    /// <returns>How many batches were compared, those included.</returns>
    private async Task<long> CheckLaneAsync(long since, IReadOnlyList<long> own, List<string> problems)
    {
        var first = Math.Max(since, (await Writer.StatusAsync()).LastNumber - LaneBatchesMax + 1);
        var compared = 0L;
        HistoryCheck part;
        do
        {
            part = await Writer.CheckAsync(first + compared, Limits.PageSizeMax);
            problems.AddRange(part.Problems);
            compared += part.BatchesChecked;
        }
        while (part.BatchesChecked == Limits.PageSizeMax);
        return compared + own.Count(number => number < first);
    }
}
