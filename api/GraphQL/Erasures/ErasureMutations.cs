using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Erasures;

public sealed class ErasureMutations
{
    [Description(
        "The patient, in person, has the whole record erased: keys, salts and contents are destroyed, every consent ends, and whoever received data must purge them. It can't be taken back. "
        + "Keep the certificate's id: it is random, and the only thing that leads to the proof. A repeat answers with the same certificate.")]
    public static async Task<ErasurePayload> EraseRecord(EraseRecordInput input, IResolveFieldContext context) => ErasurePayload.Of(
        await context.Patient(input.Patient).EraseAsync(new EraseRecord(new CommandId(input.CommandId), context.Asker(), input.ImpactAcknowledged ?? false)));
}

/// <param name="ImpactAcknowledged">True when the patient was warned that nobody will ever see anything of the record again, and wants it.</param>
public sealed record EraseRecordInput([property: Id] Guid CommandId, [property: Id] Guid Patient, bool? ImpactAcknowledged);

public sealed record ErasurePayload(ErasureCertificateType? Certificate, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static ErasurePayload Of(Outcome<ErasureCertificate> outcome) =>
        new(outcome.Succeeded ? new ErasureCertificateType(outcome.Value) : null, UserError.Of(outcome));
}
