using GraphQL;
using Hrms.Api.GraphQL.Disclosures;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.AccessHistory;

/// <summary>Somebody looked, or was refused. Of a line that is withheld for a time nothing is told but that it is there, and when.</summary>
[Name("AccessLine")]
public sealed class AccessLineType(AccessLine line)
{
    [Description("The event of the patient's stream: what a proof is asked for.")]
    public long StreamVersion => line.StreamVersion;

    public DateTimeOffset At => line.At;

    [Description(
        "Whether an official body was permitted something and has stated that telling of it would impede what it does (45 CFR 164.528(a)(2)): until the time that it stated, the line says no more. "
        + "It is told in full afterwards.")]
    public bool Withheld => line.IsWithheld;

    [Description("Null when the line is withheld, as the rest.")]
    public ActorType? Actor => line.IsWithheld ? null : ActorType.Of(line.Asker.Actor);

    [Description("The principal, when a delegate asked.")]
    public ActorType? OnBehalfOf => line.Asker.OnBehalfOf is { } principal ? ActorType.Of(principal) : null;

    public PurposeOfUse? Purpose => line.IsWithheld ? null : line.Asker.Purpose;

    public AccessAction? Action => line.IsWithheld ? null : line.Action;

    [Description("What was asked for, by the name of the operation.")]
    public string? Operation => line.IsWithheld ? null : line.Operation;

    public bool? Permitted => line.IsWithheld ? null : line.Decision.Permitted;

    public DecisionReason? Reason => line.IsWithheld ? null : line.Decision.Reason;

    [Id, Description("The consent that decided, when one did.")]
    public Guid? Consent => line.Decision.Consent?.Value;

    public int? ConsentVersion => line.Decision.ConsentVersion;

    [Description("The event whose fold was the patient's policy when it was decided.")]
    public long PolicyVersion => line.PolicyVersion;

    public IReadOnlyList<AccessedRecordType> Records => [.. line.Records.Select(record => new AccessedRecordType(record))];

    [Description("The app that asked, by its client id; null where the token names none.")]
    public string? App => line.Asker.ClientId;

    [Description("How far the app was allowed to reach, as SMART scopes; null: as far as the party itself.")]
    public string? Scope => line.Asker.Scope?.ToString();

    [Description("The request's id, for laying two logs side by side: its sender's own (X-Request-Id), or else ours.")]
    public string? CorrelationId => line.Asker.CorrelationId;

    [Description("Which token brought the question: \"jti:\" and its id, or \"end:\" and the last 32 characters of one that has none; null: no token did.")]
    public string? TokenName => line.Asker.TokenName;
}

/// <summary>One record that was returned, or that was asked for and refused, and why.</summary>
[Name("AccessedRecord")]
public sealed class AccessedRecordType(AccessedRecord record)
{
    [Id]
    public Guid Id => record.Id.Value;

    public int Version => record.Version;

    public DecisionReason Reason => record.Decision.Reason;

    [Id]
    public Guid? Consent => record.Decision.Consent?.Value;

    public int? ConsentVersion => record.Decision.ConsentVersion;
}

[Name("AccessLineConnection")]
public sealed class AccessLineConnection(AccessHistoryPage page)
{
    public IReadOnlyList<AccessLineEdge> Edges =>
        [.. page.Lines.Select(line => new AccessLineEdge(line.StreamVersion.ToString(System.Globalization.CultureInfo.InvariantCulture), new AccessLineType(line)))];

    public IReadOnlyList<AccessLineType> Nodes => [.. page.Lines.Select(line => new AccessLineType(line))];

    public PageInfo PageInfo => new(page.HasNextPage, page.EndCursor);
}

public sealed record AccessLineEdge(string Cursor, AccessLineType Node);

/// <summary>No problems: every event is there, in order, unchanged, and as the ledger has it.</summary>
[Name("HistoryCheck")]
public sealed class HistoryCheckType(HistoryCheck check)
{
    public long EventsChecked => check.EventsChecked;

    public long BatchesChecked => check.BatchesChecked;

    public IReadOnlyList<string> Problems => check.Problems;

    [Description("The event to go on from; null when the history was checked to its end.")]
    public long? NextVersion => check.NextVersion;
}

/// <summary>What a patient takes home: the lines, and what proves to a stranger that they are all.</summary>
[Name("AccessHistoryExport")]
public sealed class AccessHistoryExportType(HistoryExport export)
{
    [Description("Those of the period, oldest first.")]
    public IReadOnlyList<AccessLineType> Lines => [.. export.Lines.Select(line => new AccessLineType(line))];

    [Description("The proof's first event: the one before the period, or the very first.")]
    public long FirstVersion => export.FirstVersion;

    [Description("The proof's last event: the one after the period, or the newest that is on the ledger.")]
    public long LastVersion => export.LastVersion;

    [Description("When the last was recorded: nothing before is missing; what came later is not covered.")]
    public DateTimeOffset CoversUntil => export.CoversUntil;

    [Description("The history as JSON, for the verifier program. It opens every event between the first and the last, but what is withheld for a time.")]
    public string Proof => export.Proof;

    [Description(
        "Of the lines those by which data left to others than the patient, oldest first: the accounting of disclosures (45 CFR 164.528). What is withheld for a time is among the lines alone.")]
    public IReadOnlyList<DisclosureType> Disclosures => [.. (export.Disclosures ?? []).Select(disclosure => new DisclosureType(disclosure))];

    [Description("Statements of official bodies, entered or ended in the period, by which disclosures to them were not told for a time that is over.")]
    public IReadOnlyList<DisclosureSuspensionType> Suspensions => [.. (export.Suspensions ?? []).Select(suspension => new DisclosureSuspensionType(suspension))];
}
