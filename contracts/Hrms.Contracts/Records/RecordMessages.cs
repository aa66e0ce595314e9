namespace Hrms.Contracts;

/// <summary>What a patient's grain knows of a record without opening it.</summary>
/// <param name="StreamVersion">The event that made this version: what a proof is asked for. 0 in what others than the patient are told: it counts what else happened.</param>
/// <param name="EnteredBy">Who wrote this version into the patient's stream.</param>
/// <param name="Categories">See <see cref="RecordDraft"/>; null also where a record came before they were kept.</param>
[GenerateSerializer, Immutable, Alias("RecordMetadata")]
public sealed record RecordMetadata(
    [property: Id(0)] RecordId Id,
    [property: Id(1)] int Version,
    [property: Id(2)] string ResourceType,
    [property: Id(3)] DataClass Class,
    [property: Id(4)] IReadOnlyList<Code> Codes,
    [property: Id(5)] DateTimeOffset? Date,
    [property: Id(6)] IReadOnlyList<ProviderId> Authors,
    [property: Id(7)] RecordId? Encounter,
    [property: Id(8)] IReadOnlyList<string> Labels,
    [property: Id(9)] RecordSource Source,
    [property: Id(10)] Actor EnteredBy,
    [property: Id(11)] DateTimeOffset RecordedAt,
    [property: Id(12)] long StreamVersion,
    [property: Id(13)] string? FullUrl,
    [property: Id(14)] IReadOnlyList<Code>? Categories = null);

/// <summary>A record that an asker may see. <paramref name="Content"/> is the FHIR resource as UTF-8 JSON; empty when it was not asked for.</summary>
[GenerateSerializer, Immutable, Alias("RecordView")]
public sealed record RecordView([property: Id(0)] RecordMetadata Metadata, [property: Id(1)] ReadOnlyMemory<byte> Content);

/// <summary>Adds records, all or none. From a FHIR Bundle or a single resource.</summary>
[GenerateSerializer, Immutable, Alias("AddRecords")]
public sealed record AddRecords(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] RecordSource Source, [property: Id(3)] IReadOnlyList<RecordDraft> Drafts);

/// <summary>Adds a version to a record. Refused as stale when <paramref name="ExpectedVersion"/> is not its newest.</summary>
[GenerateSerializer, Immutable, Alias("AmendRecord")]
public sealed record AmendRecord(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] int ExpectedVersion, [property: Id(3)] RecordSource Source, [property: Id(4)] RecordDraft Draft);

/// <summary>A search in one patient's record. All that is given must hold.</summary>
/// <param name="Text">Part of the display of one of the record's codes, in any case.</param>
/// <param name="Code">A code's value, or <c>system|value</c>.</param>
/// <param name="Label">A label that the record has; looked for among what the asker may see.</param>
/// <param name="First">How many to return at most, 1 to <see cref="Limits.PageSizeMax"/>.</param>
/// <param name="After">The cursor of the last record seen.</param>
/// <param name="WithContent">Whether the resources themselves are wanted.</param>
[GenerateSerializer, Immutable, Alias("RecordSearch")]
public sealed record RecordSearch(
    [property: Id(0)] Asker Asker,
    [property: Id(1)] IReadOnlyList<DataClass> Classes,
    [property: Id(2)] string? Code,
    [property: Id(3)] Period? Date,
    [property: Id(4)] ProviderId? Author,
    [property: Id(5)] string? Text,
    [property: Id(6)] int First,
    [property: Id(7)] string? After,
    [property: Id(8)] bool WithContent,
    [property: Id(9)] string? ResourceType = null,
    [property: Id(10)] AccessAction Action = AccessAction.Query,
    [property: Id(11)] string? Label = null);

/// <summary>One page, newest clinical date first. Counts only what the asker may see.</summary>
[GenerateSerializer, Immutable, Alias("RecordPage")]
public sealed record RecordPage(
    [property: Id(0)] IReadOnlyList<RecordView> Records, [property: Id(1)] IReadOnlyList<string> Cursors, [property: Id(2)] int TotalCount, [property: Id(3)] bool HasNextPage);

/// <summary>Reads one record; the newest version unless one is named.</summary>
[GenerateSerializer, Immutable, Alias("ReadRecord")]
public sealed record ReadRecord([property: Id(0)] Asker Asker, [property: Id(1)] RecordId Record, [property: Id(2)] int? Version = null, [property: Id(3)] bool WithContent = true);

/// <summary>Finds the record that a reference of another record of the same patient names: <c>urn:uuid:…</c> or <c>Type/id</c>.</summary>
[GenerateSerializer, Immutable, Alias("ResolveReference")]
public sealed record ResolveReference([property: Id(0)] Asker Asker, [property: Id(1)] string Reference);
