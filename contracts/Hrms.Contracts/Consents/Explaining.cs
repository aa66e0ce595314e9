namespace Hrms.Contracts;

/// <summary>The patient asks whether somebody may do something with a record, and why: now, or at an instant of the past.</summary>
/// <param name="Who">Who would ask.</param>
/// <param name="At">Null: now.</param>
/// <param name="Memberships">The groups of who would ask. Null: those of now, also for the past, of which nobody keeps a list.</param>
/// <param name="OnBehalf">Whether they would ask for the patient, as a delegate.</param>
[GenerateSerializer, Immutable, Alias("ExplainAccess")]
public sealed record ExplainAccess(
    [property: Id(0)] Asker Asker, [property: Id(1)] Actor Who, [property: Id(2)] PurposeOfUse Purpose, [property: Id(3)] AccessAction Action,
    [property: Id(4)] RecordId Record, [property: Id(5)] DateTimeOffset? At = null, [property: Id(6)] IReadOnlyList<Membership>? Memberships = null,
    [property: Id(7)] string? ClientId = null, [property: Id(8)] bool OnBehalf = false);

/// <summary>A decision in plain words.</summary>
/// <param name="Terms">What the consent said that decided; null when none did.</param>
/// <param name="MembershipsAssumed">Whether an answer about the past took the memberships of now.</param>
[GenerateSerializer, Immutable, Alias("Explanation")]
public sealed record Explanation(
    [property: Id(0)] DateTimeOffset At, [property: Id(1)] Decision Decision, [property: Id(2)] string Text, [property: Id(3)] ConsentTerms? Terms = null,
    [property: Id(4)] bool MembershipsAssumed = false);

/// <summary>What somebody whom the patient's consents name may see of a record, and for which purposes.</summary>
/// <param name="Grantee">Anyone: every practitioner and organisation whom nothing names.</param>
[GenerateSerializer, Immutable, Alias("RecordViewer")]
public sealed record RecordViewer(
    [property: Id(0)] Actor Grantee, [property: Id(1)] IReadOnlyList<PurposeOfUse> Purposes, [property: Id(2)] Explanation Explanation);
