using System.Diagnostics.CodeAnalysis;

namespace Hrms.Contracts;

/// <summary>Why a command or a question was refused. Each edge has one table from these to its wire form.</summary>
[GenerateSerializer]
public enum RefusalCode
{
    /// <summary>Absent, or not shared with the asker: the two look the same.</summary>
    NotFound = 1,
    /// <summary>The input is wrong; <see cref="Refusal.Place"/> names where.</summary>
    Invalid = 2,
    /// <summary>The version the asker saw is not the newest.</summary>
    StaleVersion = 3,
    /// <summary>The same command id came before with another content.</summary>
    CommandReused = 4,
    /// <summary>This role never may do this, whatever a patient consents to.</summary>
    Forbidden = 5,
    /// <summary>A limit was hit; the message names it.</summary>
    LimitExceeded = 6,
    /// <summary>The patient's key and content were erased.</summary>
    Erased = 7,
    /// <summary>The step is not possible in the present state, for instance revoking a revoked consent of another version.</summary>
    WrongState = 8,
    /// <summary>A queue is full; nothing was done. Repeat with the same command id in a moment.</summary>
    Busy = 9,
    /// <summary>Storage does not answer, or did not say whether it took the change. Repeat with the same command id.</summary>
    Unavailable = 10,
    /// <summary>What is stored is not what was written. Nothing of it is served.</summary>
    Tampered = 11,
    /// <summary>The change may harm the patient's care: repeat it saying that the patient was warned and wants it.</summary>
    ImpactNotAcknowledged = 12,
    /// <summary>The person behind the token has ended it, and all others of before.</summary>
    TokenEnded = 13,
    /// <summary>The person has to prove who they are again; then the same is done (RFC 9470).</summary>
    FreshSignInNeeded = 14,
}

/// <summary>A refusal is a value: what was refused, why, and at which place of the input.</summary>
/// <param name="Place">A path into the input, such as <c>bundle.entry[3].resource.status</c>; null when the whole is meant.</param>
[GenerateSerializer, Immutable, Alias("Refusal")]
public sealed record Refusal(
    [property: Id(0)] RefusalCode Code,
    [property: Id(1)] string Message,
    [property: Id(2)] string? Place = null)
{
    /// <summary>What a denied and a wrong asker both see.</summary>
    public static Refusal NotFound(string what = "No such record.") => new(RefusalCode.NotFound, what);
}

/// <summary>An answer of whatever kind, for who looks only whether it is a refusal.</summary>
public interface IOutcome
{
    Refusal? Refusal { get; }
}

/// <summary>The answer to a command or a question: a value or a refusal, never both.</summary>
[GenerateSerializer, Immutable, Alias("Outcome`1")]
public sealed record Outcome<T>([property: Id(0)] T? Value, [property: Id(1)] Refusal? Refusal) : IOutcome
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Succeeded => Refusal is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);

    /// <summary>Without the value: Orleans writes an answer that came too late, or could not be sent, into the log as it is written here.</summary>
    public override string ToString() => Refusal is null ? $"{typeof(T).Name}" : $"{Refusal.Code}";
}
