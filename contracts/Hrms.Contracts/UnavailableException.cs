namespace Hrms.Contracts;

/// <summary>
/// A grain does not answer now: its silo is gone, or reaches no storage. Thrown by calls whose result has no place for <see cref="RefusalCode.Unavailable"/>; every edge answers as to a refusal.
/// </summary>
public sealed class UnavailableException(string message, Exception inner) : Exception(message, inner);
