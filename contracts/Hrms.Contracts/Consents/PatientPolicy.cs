namespace Hrms.Contracts;

/// <summary>The patient, or who acts fully for them, chooses what holds where no consent says anything. Sent by the GraphQL edge.</summary>
[GenerateSerializer, Immutable, Alias("ChooseDefaultPolicy")]
public sealed record ChooseDefaultPolicy([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] DefaultPolicy Policy);

/// <summary>The patient, or who acts fully for them, closes the whole record to everybody else, emergencies included, or opens it again. Sent by the GraphQL edge.</summary>
/// <param name="ImpactAcknowledged">Closing may harm care: the patient says that they were warned and want it.</param>
[GenerateSerializer, Immutable, Alias("ChangeOptOut")]
public sealed record ChangeOptOut(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] bool OptedOut, [property: Id(3)] bool ImpactAcknowledged = false);

/// <summary>One choice of the default policy or of the opt-out: the one of the two that is not null.</summary>
/// <param name="StreamVersion">The event that holds it: what a proof is asked for.</param>
[GenerateSerializer, Immutable, Alias("PolicyChoice")]
public sealed record PolicyChoice(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] Actor By,
    [property: Id(2)] DefaultPolicy? Default,
    [property: Id(3)] bool? OptedOut,
    [property: Id(4)] bool ImpactAcknowledged,
    [property: Id(5)] long StreamVersion,
    [property: Id(6)] CommandId? Command);

/// <summary>What holds for the whole record beside the consents, as its patient sees it.</summary>
/// <param name="Choices">The newest thousand, newest first.</param>
[GenerateSerializer, Immutable, Alias("PolicyView")]
public sealed record PolicyView([property: Id(0)] DefaultPolicy Default, [property: Id(1)] bool OptedOut, [property: Id(2)] IReadOnlyList<PolicyChoice> Choices);
