using Hrms.Contracts;
using Hrms.Domain.Accounts;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Providers;

/// <summary>What others decide about a practitioner, and what the practitioner does here, is in the history of the practitioner's own account, too.</summary>
public sealed partial class ProviderGrain
{
    /// <summary>The accounts' server has written its own line already: it knows why.</summary>
    private Task NoteTokensEndedAsync(EndTokens command) =>
        State.Profile?.Kind != ProviderKind.Practitioner || AccountRules.IsTheAccountsServer(command.Asker) || State.Accounts.TokensEndedBy.Contains(command.Command) ? Task.CompletedTask
        : NoteAccountAsync(command.Asker.Actor.Kind == ActorKind.Operator ? AccountEventKind.TokensEndedByOperator : AccountEventKind.SignedOutEverywhere, command.Asker.Actor, null);

    private async Task NoteGroupAsync(AccountEventKind kind, ProviderId group)
    {
        // The group's grain waits for this one and answers questions meanwhile.
        var name = (await GrainFactory.Grain<IProviderGrain>(group.Value).ViewAsync()).Value?.Name;
        await NoteAccountAsync(kind, Actor.Organization(group), name ?? $"{group}");
    }

    /// <summary>Before it happens. What only takes away happens also where the line can't be written: the group's own stream says it, too, and nobody keeps access for want of a line.</summary>
    private async Task NoteAccountAsync(AccountEventKind kind, Actor by, string? about)
    {
        try
        {
            await GrainFactory.Grain<IAccountGrain>(AccountKey.Of(Id)).NoteAsync(new NoteAccount(
                new CommandId(new Guid(Services.Entropy.Bytes(16))), new Asker(new Actor(ActorKind.Operator, Installation.Id.Value), PurposeOfUse.HOPERAT), new AccountAct(kind, by, About: about)));
        }
        catch (Exception fault) when (kind != AccountEventKind.OrganizationJoined)
        {
            Services.Logger.AccountNotTold(Id.Value, fault.GetType().Name);
        }
    }
}
