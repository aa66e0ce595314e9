namespace Hrms.Contracts;

/// <summary>What was done to a label of a record.</summary>
[GenerateSerializer]
public enum LabelStep
{
    Added = 1,
    Lowered = 2,
}

/// <summary>A change of one label of a record by a person, for all versions of the record: who, when and why.</summary>
/// <param name="Label">A confidentiality (HL7 v3 Confidentiality, such as R) or a sensitivity (HL7 v3 ActCode, such as PSY).</param>
/// <param name="StreamVersion">The event that made it: what a proof is asked for.</param>
[GenerateSerializer, Immutable, Alias("LabelChange")]
public sealed record LabelChange(
    [property: Id(0)] RecordId Record, [property: Id(1)] string Label, [property: Id(2)] LabelStep Step, [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] Actor By, [property: Id(5)] string? Why, [property: Id(6)] CommandId Command, [property: Id(7)] long StreamVersion);

/// <summary>
/// Adds a label to a record (the patient), or lowers one: the patient a label that they added; who holds the role <see cref="Limits.PrivacyOfficerRole"/> in an
/// organisation and may see the record, any other. Sent by the GraphQL edge.
/// </summary>
/// <param name="Why">Needed for lowering.</param>
[GenerateSerializer, Immutable, Alias("ChangeLabel")]
public sealed record ChangeLabel(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] RecordId Record, [property: Id(3)] string Label,
    [property: Id(4)] LabelStep Step, [property: Id(5)] string? Why);
