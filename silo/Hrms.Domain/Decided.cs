using Hrms.Contracts;

namespace Hrms.Domain;

/// <summary>What the rules make of a command: events to append, nothing at all when it came before, or a refusal.</summary>
public sealed record Decided<TEvent>(IReadOnlyList<TEvent> Events, Refusal? Refusal)
{
    /// <summary>The command came before and changes nothing.</summary>
    public static readonly Decided<TEvent> AlreadyDone = new([], null);

    public static implicit operator Decided<TEvent>(TEvent happened) => new([happened], null);

    public static implicit operator Decided<TEvent>(Refusal refusal) => new([], refusal);
}
