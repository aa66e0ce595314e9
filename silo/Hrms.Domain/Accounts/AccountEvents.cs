using System.Text.Json.Serialization;
using Hrms.Contracts;

namespace Hrms.Domain.Accounts;

/// <summary>What happened to an account that is no patient's. Lines but for the first, which begins the stream.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(AccountOpened), "account-opened")]
[JsonDerivedType(typeof(AccountNoted), "account-noted")]
public abstract record AccountEvent(DateTimeOffset At);

/// <summary>Something happened to the account for the first time.</summary>
public sealed record AccountOpened(DateTimeOffset At, Actor Of) : AccountEvent(At);

/// <summary>Something happened to the account. Not part of the folded state.</summary>
public sealed record AccountNoted(DateTimeOffset At, AccountAct Act, CommandId Command) : AccountEvent(At);

/// <summary>Whose account it is; null: nothing has happened to it.</summary>
public sealed record AccountState(Actor? Of)
{
    public static readonly AccountState Initial = new((Actor?)null);

    public AccountState After(AccountEvent happened) => happened is AccountOpened opened ? this with { Of = opened.Of } : this;
}
