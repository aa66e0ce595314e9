namespace Hrms.Contracts;

/// <summary>One statement by which an official body has the accounting of disclosures to it suspended.</summary>
[GenerateSerializer, Immutable, Alias("SuspensionId")]
public readonly record struct SuspensionId([property: Id(0)] Guid Value)
{
    public static SuspensionId From(CommandId command) => new(NameBasedId.Create("suspension", command.ToString()));

    public override string ToString() => Value.ToString("D");
}

/// <summary>How an official body said it (45 CFR 164.528(a)(2)).</summary>
[GenerateSerializer]
public enum StatementForm
{
    /// <summary>For the time that the statement names.</summary>
    Written = 1,
    /// <summary>For 30 days from the statement at most; a written one may follow, and is entered by itself.</summary>
    Oral = 2,
}

/// <summary>
/// An operator enters what an official body stated: that telling the patient of disclosures to it would be likely to impede what it does. Until the stated time the patient is not told to whom
/// and what these were. Ends by the clock alone, and nobody ends it before.
/// </summary>
/// <param name="Body">A registered organisation (its members are meant, too) or practitioner: the agency or the official to whom disclosures are made.</param>
/// <param name="Official">Who made the statement: name and office.</param>
/// <param name="Statement">What was stated, or where the paper is: nothing of the patient's record.</param>
/// <param name="StatedAt">When it was made.</param>
[GenerateSerializer, Immutable, Alias("SuspendDisclosures")]
public sealed record SuspendDisclosures(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] ProviderId Body, [property: Id(3)] StatementForm Form, [property: Id(4)] string Official,
    [property: Id(5)] string Statement, [property: Id(6)] DateTimeOffset StatedAt, [property: Id(7)] DateTimeOffset Until);

/// <summary>A statement as it is kept in the patient's history; the patient reads it when it has ended.</summary>
/// <param name="Body">An organisation or a practitioner.</param>
/// <param name="At">When it was entered.</param>
/// <param name="Until">From this moment on the patient is told everything again.</param>
/// <param name="By">The operator who entered it.</param>
[GenerateSerializer, Immutable, Alias("DisclosureSuspension")]
public sealed record DisclosureSuspension(
    [property: Id(0)] SuspensionId Id, [property: Id(1)] Actor Body, [property: Id(2)] StatementForm Form, [property: Id(3)] string Official, [property: Id(4)] string Statement,
    [property: Id(5)] DateTimeOffset StatedAt, [property: Id(6)] DateTimeOffset At, [property: Id(7)] DateTimeOffset Until, [property: Id(8)] Actor By);
