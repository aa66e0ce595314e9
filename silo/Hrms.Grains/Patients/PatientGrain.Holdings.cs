using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Disclosures;
using Hrms.Domain.Patients;

namespace Hrms.Grains.Patients;

/// <summary>Who received what under which consent, and whether they purged it when they had to.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<IReadOnlyList<HoldingView>>> HoldingsAsync(Asker asker) => AskAsync(
        asker, AccessAction.View, "holdings", judge => judge.ActsAsPatient
            ? Answer.Of<IReadOnlyList<HoldingView>>(judge.AsPatient, [], () => WithholdingAsync(HeldAsync))
            : Answer.None<IReadOnlyList<HoldingView>>(judge));

    private Task<Outcome<IReadOnlyList<HoldingView>>> HeldAsync(Withholding withholding) => Task.FromResult(new Outcome<IReadOnlyList<HoldingView>>(
        [.. State.Holdings.Holdings.Values.Where(held => !withholding.Withholds(held.Consent, held.Holder)).Select(ViewOf).OrderByDescending(view => view.Since)], null));

    public async Task<Outcome<HoldingView>> AcknowledgePurgeAsync(AcknowledgePurge command)
    {
        var holder = command.Asker.Actor;
        var acknowledged = await CommandAsync(
            command.Asker, "acknowledgePurge",
            () => PurgeRules.Acknowledge(State, command, Now),
            () => ViewOf(State.Holdings.Find(command.Consent, holder)!),
            _ => TellHolder(State.Holdings.Find(command.Consent, holder)!));
        // Of an erased patient the holder's own list alone knows. It is asked whoever is not found, so that all three take the same time.
        return acknowledged.Refusal is { Code: RefusalCode.NotFound } && holder.Kind is ActorKind.Practitioner or ActorKind.Organization
            && await GrainFactory.GetGrain<IProviderGrain>(holder.Id).PurgedOfErasedAsync(holder, Id, command.Consent) is { } purged
                ? purged
                : acknowledged;
    }

    /// <summary>Notes who gets data under a consent for the first time, durably, before it leaves.</summary>
    private async Task NoteDisclosureAsync(Asker asker, IEnumerable<Decision> decisions)
    {
        var disclosed = PurgeRules.Disclosed(State, asker, decisions, Now);
        if (disclosed.Count == 0)
            return;
        await CommitAsync(disclosed);
        foreach (var consent in disclosed.OfType<DataDisclosed>().Select(happened => happened.Consent))
            TellHolder(State.Holdings.Find(consent, asker.Actor)!);
    }

    private void TellHolders(ConsentId? consent = null)
    {
        foreach (var holding in State.Holdings.Holdings.Values.Where(holding => consent is null || holding.Consent == consent))
            TellHolder(holding);
    }

    /// <summary>Tells a provider what it must purge by when, or that it need not; a hint that is told again whenever this grain starts.</summary>
    private void TellHolder(Holding holding)
    {
        if (holding.Holder.Kind is not (ActorKind.Practitioner or ActorKind.Organization))
            return;
        var view = ViewOf(holding);
        var duty = new PurgeDuty(Id, view.Consent, view.PurgeBy ?? default);
        GrainFactory.GetGrain<IProviderGrain>(holding.Holder.Id).OwesPurgeAsync(duty, view.PurgedAt is null && view.PurgeBy is not null).Ignore();
    }

    private HoldingView ViewOf(Holding holding) => HoldingBook.View(State.Consents, holding, Now);
}
