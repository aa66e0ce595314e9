namespace Hrms.Contracts;

/// <summary>The patient tries a change of their consents before making it. Changes nothing.</summary>
/// <param name="Consent">Null: a new consent.</param>
/// <param name="Terms">Null: the consent is revoked.</param>
[GenerateSerializer, Immutable, Alias("PreviewConsent")]
public sealed record PreviewConsent([property: Id(0)] Asker Asker, [property: Id(1)] ConsentId? Consent, [property: Id(2)] ConsentTerms? Terms);

/// <summary>Somebody would see records that they do not see now, or the other way round.</summary>
/// <param name="Gains">Whether they would gain or lose them.</param>
/// <param name="Records">How many records there are.</param>
[GenerateSerializer, Immutable, Alias("VisibilityChange")]
public sealed record VisibilityChange(
    [property: Id(0)] Actor Grantee, [property: Id(1)] bool Gains, [property: Id(2)] IReadOnlyList<PurposeOfUse> Purposes, [property: Id(3)] int Records,
    [property: Id(4)] IReadOnlyList<DataClass> Classes, [property: Id(5)] string Text);

/// <summary>Accesses of the last 90 days that would come out otherwise.</summary>
/// <param name="Gains">Whether what was refused would be permitted, or what was permitted refused.</param>
[GenerateSerializer, Immutable, Alias("AccessChange")]
public sealed record AccessChange(
    [property: Id(0)] Actor Actor, [property: Id(1)] bool Gains, [property: Id(2)] PurposeOfUse Purpose, [property: Id(3)] int Accesses,
    [property: Id(4)] DateTimeOffset LastAt, [property: Id(5)] string Text);

/// <summary>What a change would do.</summary>
/// <param name="AllAccesses">Whether all accesses of the last 90 days were looked at; no: the newest only.</param>
[GenerateSerializer, Immutable, Alias("ConsentPreview")]
public sealed record ConsentPreview(
    [property: Id(0)] IReadOnlyList<VisibilityChange> Visibility, [property: Id(1)] IReadOnlyList<AccessChange> Accesses, [property: Id(2)] bool AllAccesses,
    [property: Id(3)] IReadOnlyList<ConsentFinding> Findings);

/// <summary>What may be wrong with a consent although it can be meant.</summary>
[GenerateSerializer]
public enum ConsentFindingKind
{
    /// <summary>An exception or a rule never decides: a stronger one covers it, or it is about nothing.</summary>
    Unreachable = 1,
    /// <summary>Two consents, equally specific, permit and deny the same: the denial holds.</summary>
    Contradictory = 2,
    /// <summary>It permits without an end.</summary>
    NeverEnding = 3,
    /// <summary>Fine samples are permitted where coarse ones are denied, which can be computed from them.</summary>
    CoarseDenied = 4,
}

/// <param name="Exception">Which exception, from 0; null: the rule.</param>
/// <param name="Other">The consent that it stands against.</param>
[GenerateSerializer, Immutable, Alias("ConsentFinding")]
public sealed record ConsentFinding(
    [property: Id(0)] ConsentFindingKind Kind, [property: Id(1)] ConsentId Consent, [property: Id(2)] int? Exception, [property: Id(3)] ConsentId? Other,
    [property: Id(4)] string Text);
