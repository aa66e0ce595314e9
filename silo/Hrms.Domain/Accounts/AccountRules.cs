using Hrms.Contracts;

namespace Hrms.Domain.Accounts;

/// <summary>Who writes down what happens to an account. Called by the grains that keep the lines.</summary>
public static class AccountRules
{
    /// <summary>
    /// Whether the account's server asks, which is this installation itself: an operator's actor that came by no token. People and apps, operators included, always come by one.
    /// </summary>
    public static bool IsTheAccountsServer(Asker asker) => asker is { Actor.Kind: ActorKind.Operator, Token: null, Scope: null, OnBehalfOf: null };
}
