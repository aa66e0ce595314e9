namespace Hrms.Contracts;

/// <summary>A consent ready to be given to somebody: one of the product's, or one of the patient's own.</summary>
/// <param name="Code">Names it: a word for the product's, an id for the patient's own.</param>
/// <param name="Name">For the patient to choose by.</param>
/// <param name="Terms">What it says, given to the grantee of an example.</param>
[GenerateSerializer, Immutable, Alias("ConsentTemplate")]
public sealed record ConsentTemplate(
    [property: Id(0)] string Code, [property: Id(1)] string Name, [property: Id(2)] string Description, [property: Id(3)] ConsentTerms Terms, [property: Id(4)] bool Own = false);

/// <summary>The patient gives a template to somebody. The same as giving its terms by hand.</summary>
[GenerateSerializer, Immutable, Alias("GrantFromTemplate")]
public sealed record GrantFromTemplate(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] string Template, [property: Id(3)] Actor Grantee,
    [property: Id(4)] Period Validity, [property: Id(5)] bool ImpactAcknowledged = false);

/// <summary>The patient keeps what a consent of theirs says as a template.</summary>
[GenerateSerializer, Immutable, Alias("SaveTemplate")]
public sealed record SaveTemplate(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] string Name, [property: Id(3)] ConsentId Consent);
