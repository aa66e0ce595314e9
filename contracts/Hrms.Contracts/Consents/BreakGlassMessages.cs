namespace Hrms.Contracts;

/// <summary>A practitioner opens, for some minutes and for the purpose BTG, what no consent opens. Sent by the GraphQL edge.</summary>
/// <param name="Reason">Why it cannot wait; the patient and the reviewers read it.</param>
/// <param name="Scope">Which part of the record.</param>
[GenerateSerializer, Immutable, Alias("BreakGlass")]
public sealed record BreakGlass(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] string Reason, [property: Id(3)] DataFilter Scope,
    [property: Id(4)] int Minutes);

/// <summary>What who broke the glass gets: until when reads for the purpose BTG go through it. The same whether or not there is anything to see.</summary>
[GenerateSerializer, Immutable, Alias("OpenedGlass")]
public sealed record OpenedGlass([property: Id(0)] BreakGlassId Id, [property: Id(1)] DateTimeOffset At, [property: Id(2)] DateTimeOffset Until);

/// <summary>A breaking of the glass as the patient and its reviewers see it.</summary>
/// <param name="Organizations">Whose privacy officers review it: the organisations the practitioner belonged to. None: operators do.</param>
/// <param name="StreamVersion">The event that holds it: what a proof is asked for.</param>
[GenerateSerializer, Immutable, Alias("BrokenGlassView")]
public sealed record BrokenGlassView(
    [property: Id(0)] BreakGlassId Id,
    [property: Id(1)] PatientId Patient,
    [property: Id(2)] Actor By,
    [property: Id(3)] string Reason,
    [property: Id(4)] DataFilter Scope,
    [property: Id(5)] DateTimeOffset At,
    [property: Id(6)] DateTimeOffset Until,
    [property: Id(7)] IReadOnlyList<ProviderId> Organizations,
    [property: Id(8)] GlassReviewView Review,
    [property: Id(9)] long StreamVersion);
