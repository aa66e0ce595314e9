using GraphQL;
using Hrms.Api.GraphQL.Consents;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.BreakGlass;

public sealed class BreakGlassMutations
{
    [Description(
        "A practitioner opens a part of one record, for some minutes, although no consent does: then ask with the purpose BTG. The patient is told at once, and every breaking is reviewed. "
        + "A patient's opting out is stronger.")]
    public static async Task<BreakGlassPayload> BreakGlass(BreakGlassInput input, IResolveFieldContext context)
    {
        var outcome = await context.Patient(input.Patient).BreakGlassAsync(new Contracts.BreakGlass(
            new CommandId(input.CommandId), context.Asker(), input.Reason, input.Scope?.ToFilter() ?? DataFilter.All, input.Minutes));
        return new BreakGlassPayload(outcome.Succeeded ? new OpenedGlassType(outcome.Value.Id.Value, outcome.Value.At, outcome.Value.Until) : null, UserError.Of(outcome));
    }

    [Description("A reviewer records whether breaking the glass was justified.")]
    public static async Task<GlassReviewPayload> RecordGlassFinding(RecordGlassFindingInput input, IResolveFieldContext context) => GlassReviewPayload.Of(
        await context.Patient(input.Patient).RecordGlassFindingAsync(new RecordGlassFinding(
            new CommandId(input.CommandId), context.Asker(), new BreakGlassId(input.Glass), input.Finding, input.Note)));

    [Description("A second reviewer agrees with the finding and so closes the review.")]
    public static async Task<GlassReviewPayload> CloseGlassReview(CloseGlassReviewInput input, IResolveFieldContext context) => GlassReviewPayload.Of(
        await context.Patient(input.Patient).CloseGlassReviewAsync(
            new CloseGlassReview(new CommandId(input.CommandId), context.Asker(), new BreakGlassId(input.Glass))));
}

/// <param name="Reason">Why it cannot wait; the patient and the reviewers read it.</param>
/// <param name="Scope">Which part of the record; nothing given: all.</param>
/// <param name="Minutes">For how long, 1 to 240.</param>
public sealed record BreakGlassInput([property: Id] Guid CommandId, [property: Id] Guid Patient, string Reason, DataInput? Scope, int Minutes);

public sealed record BreakGlassPayload(OpenedGlassType? Glass, IReadOnlyList<UserError> Errors) : IPayload;

/// <summary>Until when reads for the purpose BTG go through.</summary>
[Name("OpenedGlass")]
public sealed record OpenedGlassType([property: Id] Guid Id, DateTimeOffset At, DateTimeOffset Until);

/// <param name="Note">What the finding rests on; the patient reads it.</param>
public sealed record RecordGlassFindingInput(
    [property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Glass, GlassFinding Finding, string Note);

public sealed record CloseGlassReviewInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Glass);

public sealed record GlassReviewPayload(BrokenGlassType? Glass, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static GlassReviewPayload Of(Outcome<BrokenGlassView> outcome) =>
        new(outcome.Succeeded ? new BrokenGlassType(outcome.Value) : null, UserError.Of(outcome));
}
