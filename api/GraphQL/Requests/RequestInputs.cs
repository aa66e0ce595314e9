using Hrms.Api.GraphQL.Consents;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Requests;

/// <summary>What is asked for, of whom, and why. The grantee is the asker, or a group they belong to.</summary>
public sealed class RequestConsentInput : ConsentTermsInput
{
    [Id]
    public required Guid CommandId { get; init; }

    [Id]
    public required Guid Patient { get; init; }

    [Description("Why, for the patient to read.")]
    public required string Message { get; init; }

    [Description("Until when the patient may answer; nothing given: for 30 days.")]
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <param name="Terms">What the patient gives of it; nothing given: all that was asked for.</param>
/// <param name="ImpactAcknowledged">A consent that denies, in its rule or an exception, may harm care: true when the patient was warned and wants it.</param>
public sealed record ApproveConsentRequestInput(
    [property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Request, ConsentTermsInput? Terms, bool? ImpactAcknowledged);

public sealed record RefuseConsentRequestInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Request);

public sealed record WithdrawConsentRequestInput([property: Id] Guid CommandId, [property: Id] Guid Request);

public sealed record ConsentRequestPayload(ConsentRequestType? Request, IReadOnlyList<Schema.UserError> Errors) : Schema.IPayload
{
    internal static ConsentRequestPayload Of(Outcome<ConsentRequestView> outcome) =>
        new(outcome.Succeeded ? new ConsentRequestType(outcome.Value) : null, Schema.UserError.Of(outcome));
}
