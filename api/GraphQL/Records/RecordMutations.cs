using System.Runtime.InteropServices;
using System.Text.Json;
using GraphQL;
using Hrms.Api.Fhir;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Records;

public sealed class RecordMutations
{
    [ForApps, Description("Adds one FHIR R4 resource as a record.")]
    public static Task<AddRecordsPayload> AddRecord(AddRecordInput input, IResolveFieldContext context) =>
        RecordIntake.AddAsync(context, input.CommandId, input.Patient, input.Resource, patient => patient.AddRecordsAsync);

    [ForApps, Description("Adds every resource of a FHIR R4 transaction or collection Bundle as a record of its own: all of them or none.")]
    public static Task<AddRecordsPayload> ImportBundle(ImportBundleInput input, IResolveFieldContext context) =>
        RecordIntake.AddAsync(context, input.CommandId, input.Patient, input.Bundle, patient => patient.ImportRecordsAsync);

    [ForApps, Description("Adds a version to a record. The version that was read must be named; earlier versions stay.")]
    public static Task<AmendRecordPayload> AmendRecord(AmendRecordInput input, IResolveFieldContext context) =>
        RecordIntake.AmendAsync(context, input);
}

/// <summary>From FHIR JSON to the patient's grain.</summary>
internal static class RecordIntake
{
    public static async Task<AddRecordsPayload> AddAsync(
        IResolveFieldContext context, Guid commandId, Guid patient, JsonElement json, Func<IPatientGrain, Func<AddRecords, Task<Outcome<IReadOnlyList<RecordMetadata>>>>> add)
    {
        var (asker, command) = (context.Asker(), new CommandId(commandId));
        var read = FhirReader.Read(Utf8(json), command);
        if (!read.Succeeded)
            return new AddRecordsPayload([], 0, [UserError.Of(read.Refusal)]);
        var outcome = await add(context.Patient(patient))(new AddRecords(command, asker, SourceOf(asker, read.Value), read.Value.Records));
        if (!outcome.Succeeded)
            return new AddRecordsPayload([], 0, [UserError.Of(outcome.Refusal)]);
        // Providers that the Bundle brought can now be granted access. Repeating the command repeats this, too; both change nothing the second time.
        await Task.WhenAll(read.Value.Providers.Select(draft => context.Provider(draft.Id.Value).RegisterAsync(new RegisterProvider(asker, draft))));
        return new AddRecordsPayload([.. outcome.Value.Select(record => new RecordType(new RecordView(record, default)))], outcome.Value.Count, []);
    }

    public static async Task<AmendRecordPayload> AmendAsync(IResolveFieldContext context, AmendRecordInput input)
    {
        var (asker, command) = (context.Asker(), new CommandId(input.CommandId));
        var read = FhirReader.ReadAmendment(Utf8(input.Resource), new RecordId(input.Record));
        if (!read.Succeeded)
            return new AmendRecordPayload(null, [UserError.Of(read.Refusal)]);
        var outcome = await context.Patient(input.Patient).AmendRecordAsync(
            new AmendRecord(command, asker, input.ExpectedVersion, SourceOf(asker, null), read.Value));
        return new AmendRecordPayload(outcome.Succeeded ? new RecordType(new RecordView(outcome.Value, default)) : null, UserError.Of(outcome));
    }

    private static ReadOnlyMemory<byte> Utf8(JsonElement json) => JsonMarshal.GetRawUtf8Value(json).ToArray();

    private static RecordSource SourceOf(Asker asker, IntakeDraft? intake) => asker.Actor.Kind switch
    {
        ActorKind.Patient => intake?.Records.Count > 1 ? RecordSource.Import : RecordSource.Patient,
        ActorKind.Device => RecordSource.Device,
        _ => RecordSource.Practitioner,
    };
}

public sealed record AddRecordInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: InputType(typeof(FhirJsonGraphType))] JsonElement Resource);

public sealed record ImportBundleInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: InputType(typeof(FhirJsonGraphType))] JsonElement Bundle);

public sealed record AmendRecordInput(
    [property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Record, int ExpectedVersion,
    [property: InputType(typeof(FhirJsonGraphType))] JsonElement Resource);

public sealed record AddRecordsPayload(IReadOnlyList<RecordType> Records, int Count, IReadOnlyList<UserError> Errors) : IPayload;

public sealed record AmendRecordPayload(RecordType? Record, IReadOnlyList<UserError> Errors) : IPayload;
