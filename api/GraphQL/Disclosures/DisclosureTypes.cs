using System.Globalization;
using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Disclosures;

/// <summary>Somebody else than the patient received data of the record.</summary>
[Name("Disclosure")]
public sealed class DisclosureType(Disclosure disclosure)
{
    [Description("The access line: what a proof is asked for.")]
    public long StreamVersion => disclosure.StreamVersion;

    public DateTimeOffset At => disclosure.At;

    public RecipientType Recipient => new(disclosure.Recipient);

    [Description("The patient, when a delegate received it.")]
    public ActorType? OnBehalfOf => disclosure.OnBehalfOf is { } principal ? ActorType.Of(principal) : null;

    [Description("The app it went through, by its client id; null where the token names none.")]
    public string? App => disclosure.App;

    [Description("As it was stated by who asked.")]
    public PurposeOfUse Purpose => disclosure.Purpose;

    [Description("What was disclosed, in short: \"2 Observation (laboratory), 1 Condition (conditions)\".")]
    public string Description => string.Join(", ", disclosure.Data.Select(Short));

    public IReadOnlyList<DisclosedDataType> Data => [.. disclosure.Data.Select(data => new DisclosedDataType(data.Class, data.ResourceType, [.. data.Records.Select(record => record.Value)]))];

    [Description(
        "Whether the law leaves it out of an accounting of disclosures: it was for treatment, payment or operations, or went to who acts for the patient (45 CFR 164.528(a)(1)(i) and (ii)). "
        + "A reader who wants the accounting of the law alone leaves these out.")]
    public bool Exempt => disclosure.IsExempt;

    private static string Short(DisclosedData data) => data.Class == DataClass.Wearables && data.Records.Count == 0 ? "samples of wearables"
        : string.Create(CultureInfo.InvariantCulture, $"{data.Records.Count} {data.ResourceType} ({Words(data.Class)})");

    private static string Words(DataClass data) => string.Concat($"{data}".Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {letter}" : $"{letter}")).ToLowerInvariant();
}

/// <summary>Who received data, as their own profile names them now.</summary>
[Name("Recipient")]
public sealed class RecipientType(Recipient recipient)
{
    public ActorType Actor => ActorType.Of(recipient.Actor);

    [Description("Null: nobody registered them, or they are a person who acts for the patient.")]
    public string? Name => recipient.Name;

    public string? IdentifierSystem => recipient.IdentifierSystem;

    public string? IdentifierValue => recipient.IdentifierValue;

    [Description("Null: not known.")]
    public string? Address => recipient.Address;

    [Description("Of a practitioner: the organisations and care teams they belong to, by name.")]
    public IReadOnlyList<string> Organizations => recipient.Organizations;
}

/// <summary>What of one kind was disclosed at once.</summary>
/// <param name="Records">Which; none for samples of wearables, which are not counted.</param>
[Name("DisclosedData")]
public sealed record DisclosedDataType(DataClass Class, string ResourceType, [property: Id] IReadOnlyList<Guid> Records);

/// <summary>A statement of an official body by which disclosures to it are not told for a time (45 CFR 164.528(a)(2)).</summary>
[Name("DisclosureSuspension")]
public sealed class DisclosureSuspensionType(DisclosureSuspension suspension)
{
    [Id]
    public Guid Id => suspension.Id.Value;

    public ActorType Body => ActorType.Of(suspension.Body);

    public StatementForm Form => suspension.Form;

    [Description("Who made the statement.")]
    public string Official => suspension.Official;

    public string Statement => suspension.Statement;

    public DateTimeOffset StatedAt => suspension.StatedAt;

    [Description("When it was entered.")]
    public DateTimeOffset At => suspension.At;

    [Description("From this moment on everything is told again.")]
    public DateTimeOffset Until => suspension.Until;

    [Description("The operator who entered it.")]
    public ActorType By => ActorType.Of(suspension.By);
}
