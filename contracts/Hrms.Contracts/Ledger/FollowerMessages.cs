namespace Hrms.Contracts;

/// <summary>Asks whether a consent that any member of the consortium issued holds.</summary>
/// <param name="Proof">The bundle of the consent's event (docs/proof-bundle.md): JSON.</param>
/// <param name="Artefact">The signed paper (docs/consent-artefact.md), when its signature is to be checked, too.</param>
[GenerateSerializer, Immutable, Alias("CheckIssuedConsent")]
public sealed record CheckIssuedConsent([property: Id(0)] Asker Asker, [property: Id(1)] string Proof, [property: Id(2)] string? Artefact = null);

/// <summary>What this member knows of a consent that any member issued. Where it is in doubt, the consent does not hold.</summary>
/// <param name="Problem">Why it does not hold; null when it does.</param>
/// <param name="Place">The member of the bundle that the problem is with.</param>
/// <param name="AsOfBlock">The block up to which this member has read the ledger.</param>
/// <param name="ByLedger">The contract's own word as of that block; null when no node gave it.</param>
/// <param name="Event">The consent as it was anchored, opened: JSON. Null when the proof does not hold in itself.</param>
[GenerateSerializer, Immutable, Alias("IssuedConsentCheck")]
public sealed record IssuedConsentCheck(
    [property: Id(0)] bool Holds,
    [property: Id(1)] string? Problem,
    [property: Id(2)] string? Place,
    [property: Id(3)] long? AsOfBlock,
    [property: Id(4)] DateTimeOffset? AsOfTime,
    [property: Id(5)] bool? ByLedger,
    [property: Id(6)] string? Event);

/// <summary>How far this member has read the shared ledger.</summary>
/// <param name="State"><c>running</c>, <c>waiting</c> (no node answers, or none is as far) or <c>stopped</c> (an alarm: <paramref name="Alarm"/> says which).</param>
/// <param name="BlockTime">When the newest block that was read was made: it stands still when the chain does.</param>
[GenerateSerializer, Immutable, Alias("FollowerStatus")]
public sealed record FollowerStatus(
    [property: Id(0)] string State,
    [property: Id(1)] string? Alarm,
    [property: Id(2)] long? Block,
    [property: Id(3)] DateTimeOffset? BlockTime,
    [property: Id(4)] IReadOnlyList<FollowedLane> Lanes,
    [property: Id(5)] IReadOnlyList<string>? Validators = null);

/// <summary>A lane of the shared ledger, any member's.</summary>
/// <param name="Own">Whether it is this member's.</param>
[GenerateSerializer, Immutable, Alias("FollowedLane")]
public sealed record FollowedLane([property: Id(0)] long Lane, [property: Id(1)] long Last, [property: Id(2)] bool Own);
