using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Labels;

public sealed class LabelMutations
{
    [Description("The patient adds a label to a record: a confidentiality (R, V) or a sensitivity (PSY, HIV, …). It holds for all versions of the record from when this answers.")]
    public static Task<LabelPayload> AddLabel(AddLabelInput input, IResolveFieldContext context) =>
        ChangeAsync(context, input.Patient, input.CommandId, input.Record, input.Label, LabelStep.Added, input.Why);

    [Description("Takes a label from a record: the patient one that the patient added, a privacy officer who may see the record any other. Stays in the label history.")]
    public static Task<LabelPayload> LowerLabel(LowerLabelInput input, IResolveFieldContext context) =>
        ChangeAsync(context, input.Patient, input.CommandId, input.Record, input.Label, LabelStep.Lowered, input.Why);

    private static async Task<LabelPayload> ChangeAsync(
        IResolveFieldContext context, Guid patient, Guid command, Guid record, string label, LabelStep step, string? why) => LabelPayload.Of(
        await context.Patient(patient).ChangeLabelAsync(new ChangeLabel(new CommandId(command), context.Asker(), new RecordId(record), label, step, why)));
}

/// <param name="Label">HL7 v3 Confidentiality or ActCode (InformationSensitivityPolicy), by its code.</param>
public sealed record AddLabelInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Record, string Label, string? Why);

/// <param name="Why">Kept in the label history.</param>
public sealed record LowerLabelInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Record, string Label, string Why);

public sealed record LabelPayload(RecordType? Record, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static LabelPayload Of(Outcome<RecordMetadata> outcome) =>
        new(outcome.Succeeded ? new RecordType(new RecordView(outcome.Value, default)) : null, UserError.Of(outcome));
}

/// <summary>Who changed a label of a record, when and why.</summary>
[Name("LabelChange")]
public sealed class LabelChangeType(LabelChange change)
{
    public string Label => change.Label;

    public LabelStep Step => change.Step;

    public DateTimeOffset At => change.At;

    public ActorType By => ActorType.Of(change.By);

    public string? Why => change.Why;

    [Description("The event of the patient's stream that made it: what a proof is asked for.")]
    public long StreamVersion => change.StreamVersion;
}
