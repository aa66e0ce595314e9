using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Disclosures;

public sealed class DisclosureMutations
{
    [Description(
        "An operator enters an official body's statement that telling the patient of disclosures to it would impede what it does (45 CFR 164.528(a)(2)). Until the stated time the history says of what the body was "
        + "permitted, outside treatment, payment and operations, no more than that and when; then all of it, this statement included. Nobody can end it before.")]
    public static async Task<SuspendDisclosuresPayload> SuspendDisclosures(SuspendDisclosuresInput input, IResolveFieldContext context)
    {
        var suspended = await context.Patient(input.Patient).SuspendDisclosuresAsync(new SuspendDisclosures(
            new CommandId(input.CommandId), context.Asker(), new ProviderId(input.Body), input.Form, input.Official, input.Statement, input.StatedAt, input.Until));
        return new SuspendDisclosuresPayload(suspended.Succeeded ? new DisclosureSuspensionType(suspended.Value) : null, UserError.Of(suspended));
    }
}

/// <param name="Body">A registered organisation (its members are meant, too) or practitioner: the agency or the official to whom disclosures are made.</param>
/// <param name="Official">Who made the statement: name and office.</param>
/// <param name="Statement">What was stated, or where the paper is: nothing of the patient's record. The patient reads it when it has ended.</param>
/// <param name="StatedAt">When it was made.</param>
/// <param name="Until">From this moment on the patient is told everything again: an oral statement holds for 30 days at most, a written one for 6 years.</param>
public sealed record SuspendDisclosuresInput(
    [property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Body, StatementForm Form, string Official, string Statement, DateTimeOffset StatedAt, DateTimeOffset Until);

public sealed record SuspendDisclosuresPayload(DisclosureSuspensionType? Suspension, IReadOnlyList<UserError> Errors) : IPayload;
