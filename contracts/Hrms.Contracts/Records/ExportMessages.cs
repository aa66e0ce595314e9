namespace Hrms.Contracts;

/// <summary>
/// Asks for a page of a patient's record to take away (<see cref="AccessAction.Export"/>). Each page is a question of its own: judged when it is asked, a line of the history, and
/// one use of the consents that it rests on. Sent by the FHIR edge.
/// </summary>
/// <param name="Types">FHIR resource types; empty: all. <c>Consent</c> and <c>AuditEvent</c> stand for the patient's consents and access lines, too.</param>
/// <param name="Since">Only what was recorded then or later.</param>
/// <param name="Care">Only records whose clinical date is in it, and nothing else.</param>
/// <param name="First">How many at most, 1 to <see cref="Limits.ExportPageSizeMax"/>; fewer when they are large.</param>
/// <param name="After">What the page before said is <see cref="ExportPage.Next"/>.</param>
[GenerateSerializer, Immutable, Alias("ExportRecord")]
public sealed record ExportRecord(
    [property: Id(0)] Asker Asker,
    [property: Id(1)] IReadOnlyList<string> Types,
    [property: Id(2)] DateTimeOffset? Since,
    [property: Id(3)] Period? Care,
    [property: Id(4)] int First,
    [property: Id(5)] string? After);

/// <summary>One page: records, latest clinical date first; after them, for who acts as the patient alone, consents and then access lines, newest first.</summary>
/// <param name="Records">Newest versions, with their content.</param>
/// <param name="ResourceTypes">Of the records that the lines name, by their ids.</param>
/// <param name="Versions">Of records, as they were entered, for the history: beside the lines, newest first; null: none.</param>
/// <param name="Next">Where the next page begins; null: this is the last. It names nothing but what the asker was shown.</param>
[GenerateSerializer, Immutable, Alias("ExportPage")]
public sealed record ExportPage(
    [property: Id(0)] IReadOnlyList<RecordView> Records,
    [property: Id(1)] IReadOnlyList<ConsentView> Consents,
    [property: Id(2)] IReadOnlyList<AccessLine> Lines,
    [property: Id(3)] IReadOnlyDictionary<Guid, string> ResourceTypes,
    [property: Id(4)] string? Next,
    [property: Id(5)] IReadOnlyList<RecordMetadata>? Versions = null)
{
    /// <summary>What there is for who may take nothing away, and of who is no patient.</summary>
    public static readonly ExportPage Empty = new([], [], [], new Dictionary<Guid, string>(), null);
}

/// <summary>What of a page that is on its way may still leave.</summary>
/// <param name="AsPatient">Whether the asker still acts as the patient.</param>
[GenerateSerializer, Immutable, Alias("ExportCheck")]
public sealed record ExportCheck([property: Id(0)] bool AsPatient, [property: Id(1)] IReadOnlyList<RecordId> Records);
