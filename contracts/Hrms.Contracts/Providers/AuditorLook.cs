namespace Hrms.Contracts;

/// <summary>An auditor or operator looked at something of the installation. A line of its own tamper-evident stream.</summary>
/// <param name="StreamVersion">Its number in the stream, by which pages go on.</param>
/// <param name="What">The page or question; nothing of a patient's.</param>
[GenerateSerializer, Immutable, Alias("AuditorLook")]
public sealed record AuditorLook([property: Id(0)] long StreamVersion, [property: Id(1)] DateTimeOffset At, [property: Id(2)] Actor By, [property: Id(3)] string What);
