namespace Hrms.Contracts;

/// <summary>Somebody else than the patient received data of the record: an entry of the accounting of disclosures (45 CFR 164.528(b)(2)). Read off an access line.</summary>
/// <param name="StreamVersion">The access line: what a proof is asked for.</param>
/// <param name="OnBehalfOf">The patient, when a delegate received it.</param>
/// <param name="App">The app it went through, by its client id; null where the token names none.</param>
/// <param name="Purpose">As it was stated by who asked.</param>
/// <param name="IsExempt">
/// Whether the law leaves it out of an accounting: it was for treatment, payment or operations, or went to who acts for the patient (164.528(a)(1)(i) and (ii)). Whatever is in doubt is not.
/// </param>
[GenerateSerializer, Immutable, Alias("Disclosure")]
public sealed record Disclosure(
    [property: Id(0)] long StreamVersion,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] Recipient Recipient,
    [property: Id(3)] Actor? OnBehalfOf,
    [property: Id(4)] string? App,
    [property: Id(5)] PurposeOfUse Purpose,
    [property: Id(6)] IReadOnlyList<DisclosedData> Data,
    [property: Id(7)] bool IsExempt);

/// <summary>Who received data, as their own profile names them when the accounting is made.</summary>
/// <param name="Name">Null: nobody registered them, or they are a person who acts for the patient.</param>
/// <param name="Address">Null: not known.</param>
/// <param name="Organizations">Of a practitioner: the organisations and care teams they belong to, by name.</param>
[GenerateSerializer, Immutable, Alias("Recipient")]
public sealed record Recipient(
    [property: Id(0)] Actor Actor, [property: Id(1)] string? Name, [property: Id(2)] string? IdentifierSystem, [property: Id(3)] string? IdentifierValue, [property: Id(4)] string? Address,
    [property: Id(5)] IReadOnlyList<string> Organizations)
{
    public static Recipient Unnamed(Actor actor) => new(actor, null, null, null, null, []);
}

/// <summary>What of one kind was disclosed at once.</summary>
/// <param name="ResourceType">A FHIR type.</param>
/// <param name="Records">Which, each in the version that left; none for samples of wearables, which are not counted.</param>
[GenerateSerializer, Immutable, Alias("DisclosedData")]
public sealed record DisclosedData([property: Id(0)] DataClass Class, [property: Id(1)] string ResourceType, [property: Id(2)] IReadOnlyList<RecordId> Records);
