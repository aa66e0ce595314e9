using GraphQL;
using Hrms.Contracts;
using Hrms.Api.GraphQL.Schema;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>What the ledger has of the patient.</summary>
public sealed partial class PatientType
{
    [Description("Where an event is on its way to the ledger; null for everybody but the patient.")]
    public Task<AnchorType?> Anchor(IResolveFieldContext context, long streamVersion) =>
        Grain(context).AnchorAsync(Asker(context), streamVersion).OrNull(anchor => new AnchorType(anchor.StreamVersion, anchor.Lane, anchor.Batch, anchor.BlockNumber, anchor.BlockTime));

    [Description("A self-contained proof of an event, for the verifier program: the bundle as JSON. Null for everybody but the patient.")]
    public Task<string?> Proof(IResolveFieldContext context, long streamVersion) =>
        Grain(context).ProveAsync(new ProofRequest(Asker(context), streamVersion)).OrNull(bundle => bundle);
}

/// <summary>Two clocks: durable since its event exists; final when it has a block.</summary>
[Name("Anchor")]
public sealed record AnchorType(long StreamVersion, int Lane, long? Batch, long? BlockNumber, DateTimeOffset? BlockTime);
