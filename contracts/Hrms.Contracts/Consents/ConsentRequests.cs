namespace Hrms.Contracts;

/// <summary>One request for a consent.</summary>
[GenerateSerializer, Immutable, Alias("RequestId")]
public readonly record struct RequestId([property: Id(0)] Guid Value)
{
    /// <summary>Two askers who happen to choose the same command id make two requests.</summary>
    public static RequestId From(CommandId command, Actor asker) => new(NameBasedId.Create("request", $"{asker.Id:D}/{command}"));

    public override string ToString() => Value.ToString("D");
}

/// <summary>The states of a request. All but the first are final. ABDM, consent request: REQUESTED, GRANTED, DENIED, EXPIRED.</summary>
[GenerateSerializer]
public enum ConsentRequestStatus
{
    Requested = 1,
    Approved = 2,
    Refused = 3,
    Withdrawn = 4,
    /// <summary>Read off the clock: nobody decided in time.</summary>
    Expired = 5,
}

/// <summary>What a practitioner or an organisation asks a patient for. Told by the asker's grain to the patient's; part of the events of both.</summary>
/// <param name="Terms">A permit to the asker or to a group they belong to.</param>
/// <param name="Message">Why, in the asker's words, for the patient to read.</param>
/// <param name="ExpiresAt">From then on it can only be asked anew.</param>
[GenerateSerializer, Immutable, Alias("ConsentRequest")]
public sealed record ConsentRequest(
    [property: Id(0)] RequestId Id, [property: Id(1)] PatientId Patient, [property: Id(2)] Actor By, [property: Id(3)] ConsentTerms Terms,
    [property: Id(4)] string Message, [property: Id(5)] DateTimeOffset At, [property: Id(6)] DateTimeOffset ExpiresAt);

/// <summary>A request with what became of it.</summary>
/// <param name="ClosedAt">When it was approved, refused or withdrawn.</param>
/// <param name="Consent">Of an approved request, for the patient alone: the consent that it became.</param>
[GenerateSerializer, Immutable, Alias("ConsentRequestView")]
public sealed record ConsentRequestView(
    [property: Id(0)] ConsentRequest Request, [property: Id(1)] ConsentRequestStatus Status, [property: Id(2)] DateTimeOffset? ClosedAt = null,
    [property: Id(3)] ConsentId? Consent = null)
{
    /// <summary>Without what was written to the patient: logs may hold it as it is written here (<see cref="Outcome{T}.ToString"/>).</summary>
    public override string ToString() => $"request {Request.Id} {Status}";
}

/// <summary>A practitioner or an organisation asks. Sent by the GraphQL edge to the asker's own grain.</summary>
/// <param name="ExpiresAt">Null: after <see cref="Limits.RequestDaysDefault"/> days.</param>
[GenerateSerializer, Immutable, Alias("RequestConsent")]
public sealed record RequestConsent(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] PatientId Patient, [property: Id(3)] ConsentTerms Terms,
    [property: Id(4)] string Message, [property: Id(5)] DateTimeOffset? ExpiresAt = null);

/// <summary>The asker no longer wants it. Sent by the GraphQL edge to the asker's own grain.</summary>
[GenerateSerializer, Immutable, Alias("WithdrawRequest")]
public sealed record WithdrawRequest([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] RequestId Request);

/// <summary>The patient says yes, to all of it or to less.</summary>
/// <param name="Narrowed">What the patient gives; null: what was asked for. Refused when it is not provably a part of that.</param>
/// <param name="ImpactAcknowledged">As of <see cref="GrantConsent"/>: what is given may hold a denial.</param>
[GenerateSerializer, Immutable, Alias("ApproveRequest")]
public sealed record ApproveRequest(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] RequestId Request, [property: Id(3)] ConsentTerms? Narrowed = null,
    [property: Id(4)] bool ImpactAcknowledged = false);

/// <summary>The patient says no.</summary>
[GenerateSerializer, Immutable, Alias("RefuseRequest")]
public sealed record RefuseRequest([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] RequestId Request);
