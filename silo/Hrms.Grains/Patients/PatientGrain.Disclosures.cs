using Hrms.Contracts;
using Hrms.Domain.Disclosures;

namespace Hrms.Grains.Patients;

/// <summary>To whom data was disclosed, and what of it the patient is not told for a time.</summary>
public sealed partial class PatientGrain
{
    // How many providers are asked for their names at a time.
    private const int NamesAtOnce = 100;

    public async Task<Outcome<DisclosureSuspension>> SuspendDisclosuresAsync(SuspendDisclosures command)
    {
        var body = (await GrainFactory.Grain<IProviderGrain>(command.Body.Value).ViewAsync()).Value?.Kind;
        return await CommandAsync(
            command.Asker, "suspendDisclosures",
            () => SuspensionRules.Suspend(State, command, body, Now),
            () => State.Suspensions.Find(known => known.Id == SuspensionId.From(command.Command))!, _ => WatchClock(), needsFreshSignIn: true);
    }

    /// <summary>Makes an answer for who acts as the patient, without what is withheld. A statement that is entered meanwhile holds for this answer, too.</summary>
    private async Task<T> WithholdingAsync<T>(Func<Withholding, Task<T>> make)
    {
        while (true)
        {
            var known = State.Suspensions;
            var made = await make(await WithholdingAsync());
            if (known == State.Suspensions)
                return made;
        }
    }

    private async Task<Withholding> WithholdingAsync()
    {
        var now = Now;
        var holding = State.Suspensions.Where(suspension => suspension.Until > now).ToList();
        if (holding.Count == 0)
            return Withholding.None;
        var organizations = holding.Where(suspension => suspension.Body.Kind == ActorKind.Organization).Select(suspension => suspension.Body.Id).Distinct();
        var views = await Task.WhenAll(organizations.Select(organization => GrainFactory.Grain<IProviderGrain>(organization).ViewAsync()));
        return new Withholding(holding, views.SelectMany(view => view.Value?.Members ?? []), State.Consents);
    }

    /// <summary>The disclosures among lines, each with its recipient's name.</summary>
    private async Task<IReadOnlyList<Disclosure>> DisclosuresAsync(IReadOnlyList<AccessLine> lines)
    {
        var disclosures = lines.Where(line => DisclosureRules.IsDisclosure(line, Id)).ToList();
        Dictionary<Actor, Recipient> recipients = [];
        foreach (var actors in disclosures.Select(line => line.Asker.Actor).Distinct().Chunk(NamesAtOnce))
        {
            foreach (var recipient in await Task.WhenAll(actors.Select(RecipientAsync)))
                recipients[recipient.Actor] = recipient;
        }
        return [.. disclosures.Select(line => Accounting.Of(line, State.Records, recipients))];
    }

    private async Task<Recipient> RecipientAsync(Actor actor)
    {
        if (actor.Kind is not (ActorKind.Practitioner or ActorKind.Organization))
            return Recipient.Unnamed(actor);
        var provider = GrainFactory.Grain<IProviderGrain>(actor.Id);
        var groups = actor.Kind == ActorKind.Practitioner ? await provider.MembershipsAsync() : [];
        var names = await Task.WhenAll(groups.Select(group => GrainFactory.Grain<IProviderGrain>(group.Group.Value).ViewAsync()));
        var view = (await provider.ViewAsync()).Value;
        return new Recipient(
            actor, view?.Name, view?.IdentifierSystem, view?.IdentifierValue, view?.Address, [.. names.Select(name => name.Value?.Name).OfType<string>().Order(StringComparer.Ordinal)]);
    }
}
