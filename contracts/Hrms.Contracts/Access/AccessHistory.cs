namespace Hrms.Contracts;

/// <summary>One record that a read touched.</summary>
[GenerateSerializer, Immutable, Alias("AccessedRecord")]
public sealed record AccessedRecord([property: Id(0)] RecordId Id, [property: Id(1)] int Version, [property: Id(2)] Decision Decision);

/// <summary>
/// One line of the access history: somebody asked, and was permitted or denied. Written before any data leaves.
/// </summary>
/// <param name="Operation">What was asked, by the name of the operation: <c>record</c>, <c>records</c>, <c>samples</c>, <c>proof</c>...</param>
/// <param name="Records">Every record returned; of a denied read, the record that was asked for when it exists.</param>
/// <param name="PolicyVersion">The stream's version whose fold was the patient's policy: replaying it gives the same verdict.</param>
/// <param name="IsWithheld">Whether somebody was permitted something and the rest is not told for a time, since an official body's statement holds (45 CFR 164.528(a)(2)).</param>
[GenerateSerializer, Immutable, Alias("AccessLine")]
public sealed record AccessLine(
    [property: Id(0)] long StreamVersion,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] Asker Asker,
    [property: Id(3)] AccessAction Action,
    [property: Id(4)] string Operation,
    [property: Id(5)] Decision Decision,
    [property: Id(6)] IReadOnlyList<AccessedRecord> Records,
    [property: Id(7)] long PolicyVersion,
    [property: Id(8)] bool IsWithheld = false)
{
    /// <summary>A line of which the patient is told that it is there, and when. Everything else stands for nothing.</summary>
    public static AccessLine Withheld(long streamVersion, DateTimeOffset at, long policyVersion) => new(
        streamVersion, at, new Asker(Actor.Anyone, PurposeOfUse.HLEGAL), AccessAction.View, "withheld", new Decision(true, DecisionReason.Permitted), [], policyVersion, IsWithheld: true);
}

/// <summary>The patient pages through who looked, newest first. Asking is itself a line.</summary>
[GenerateSerializer, Immutable, Alias("AccessHistoryQuery")]
public sealed record AccessHistoryQuery(
    [property: Id(0)] Asker Asker,
    [property: Id(1)] Guid? Actor,
    [property: Id(2)] RecordId? Record,
    [property: Id(3)] bool? Permitted,
    [property: Id(4)] PurposeOfUse? Purpose,
    [property: Id(5)] Period? Period,
    [property: Id(6)] int First,
    [property: Id(7)] string? After);

[GenerateSerializer, Immutable, Alias("AccessHistoryPage")]
public sealed record AccessHistoryPage([property: Id(0)] IReadOnlyList<AccessLine> Lines, [property: Id(1)] bool HasNextPage, [property: Id(2)] string? EndCursor);

/// <summary>What a check of a whole stream, or of batches of a lane, found. No problems: every event is there, in order, unchanged, and as the ledger has it.</summary>
/// <param name="EventsChecked">How many events were read and recomputed.</param>
/// <param name="BatchesChecked">How many batches were rebuilt from the journal and compared with their root.</param>
/// <param name="Problems">Each names the row or batch and what is wrong with it.</param>
/// <param name="NextVersion">Of a stream that is too long for one answer: where to go on. Null: it was checked to its end.</param>
[GenerateSerializer, Immutable, Alias("HistoryCheck")]
public sealed record HistoryCheck(
    [property: Id(0)] long EventsChecked, [property: Id(1)] long BatchesChecked, [property: Id(2)] IReadOnlyList<string> Problems, [property: Id(3)] long? NextVersion = null);

/// <summary>Asks for the access lines of a period with the proof that none is missing. Asking is itself a line, after the period.</summary>
[GenerateSerializer, Immutable, Alias("HistoryExportRequest")]
public sealed record HistoryExportRequest([property: Id(0)] Asker Asker, [property: Id(1)] Period Period);

/// <summary>The access lines of a period, the accounting of disclosures that they are, and their proof (docs/proof-bundle.md, "A history").</summary>
/// <param name="Lines">Oldest first: those of the period.</param>
/// <param name="FirstVersion">The first event of the proof: the one before the period, or the stream's first.</param>
/// <param name="LastVersion">The last: the one after the period, or the newest that is on the ledger.</param>
/// <param name="CoversUntil">When the last was recorded. Before the period's end: what came later is not on the ledger yet, or did not happen yet.</param>
/// <param name="Proof">JSON, for the verifier.</param>
/// <param name="Disclosures">Those of the lines by which data left to others than the patient, oldest first. None that is withheld. Null: an older process answered.</param>
/// <param name="Suspensions">Statements that were entered or ended in the period and have ended, oldest first.</param>
[GenerateSerializer, Immutable, Alias("HistoryExport")]
public sealed record HistoryExport(
    [property: Id(0)] IReadOnlyList<AccessLine> Lines,
    [property: Id(1)] long FirstVersion,
    [property: Id(2)] long LastVersion,
    [property: Id(3)] DateTimeOffset CoversUntil,
    [property: Id(4)] string Proof,
    [property: Id(5)] IReadOnlyList<Disclosure>? Disclosures = null,
    [property: Id(6)] IReadOnlyList<DisclosureSuspension>? Suspensions = null);
