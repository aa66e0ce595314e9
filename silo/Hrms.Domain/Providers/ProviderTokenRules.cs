using Hrms.Contracts;

namespace Hrms.Domain.Providers;

/// <summary>Who may end all of a provider's tokens. Called by the provider's grain.</summary>
public static class ProviderTokenRules
{
    public static Decided<ProviderEvent> End(ProviderState state, EndTokens command, DateTimeOffset now)
    {
        if (state.Profile is not { } profile || !May(state, profile, command.Asker))
            return Refusal.NotFound("No such provider.");
        return state.Accounts.TokensEndedBy.Contains(command.Command)
            ? Decided<ProviderEvent>.AlreadyDone
            : new ProviderTokensEnded(now, state.Accounts.Tokens.Number + 1, command.Asker.Actor, command.Command);
    }

    /// <summary>A practitioner who belongs nowhere any more has no good token, until an organisation takes them in and they sign in again.</summary>
    public static IReadOnlyList<ProviderEvent> Leave(ProviderState state, ProviderId group, DateTimeOffset now)
    {
        if (!state.MemberOf.ContainsKey(group.Value))
            return [];
        var left = new OrganizationLeft(now, group);
        return state.MemberOf.Count > 1 ? [left] : [left, new ProviderTokensEnded(now, state.Accounts.Tokens.Number + 1)];
    }

    private static bool May(ProviderState state, ProviderDraft profile, Asker asker) => asker.Actor.Kind switch
    {
        // The accounts' server comes by no token.
        ActorKind.Operator => true,
        ActorKind.Practitioner => profile.Kind == ProviderKind.Practitioner && asker.Actor.Id == profile.Id.Value,
        ActorKind.Organization => profile.Kind == ProviderKind.Organization && asker.Actor.Id == profile.Id.Value,
        ActorKind.Administrator => InvitationRules.Runs(state, asker.Actor),
        _ => false,
    };
}
