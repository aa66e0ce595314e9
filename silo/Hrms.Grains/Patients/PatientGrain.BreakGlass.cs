using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;

namespace Hrms.Grains.Patients;

/// <summary>Breaking the glass, and its review.</summary>
public sealed partial class PatientGrain
{
    private TimeSpan ReviewWithin => Services.GlassReview.EscalateAfter;

    public async Task<Outcome<OpenedGlass>> BreakGlassAsync(BreakGlass command)
    {
        if ((await StandingOfAsync(command.Asker)).IsEnded)
            return await RefuseEndedAsync(command.Asker, AccessAction.Store, "breakGlass");
        var practitioner = await GrainFactory.GetGrain<IProviderGrain>(command.Asker.Actor.Id).ViewAsync();
        if (practitioner.Refusal is { Code: not RefusalCode.NotFound } unknown)
            return unknown;
        if (BreakGlassRules.Check(command, practitioner.Value) is { } wrong)
            return wrong;
        if (FreshSignIn.RefusalFor(command.Asker, Now) is { } tooOld)
            return tooOld;
        if (IsErased || State.RegisteredAt is null)
            return Refusal.NotFound("No such patient.");
        if (await RefuseClosedAsync(command.Asker, "breakGlass") is { } closed)
            return closed;
        var organizations = await OrganizationsAsync(command.Asker);
        var at = Now;
        // In the queues first, then open: after a fault between the two there is an entry about nothing, never broken glass that nobody reviews.
        if (BreakGlassRules.Break(State, command, organizations, at).Events is [GlassBroken broken])
            await Task.WhenAll(QueuesOf(organizations).Select(queue => queue.QueueReviewAsync(new GlassEntry(Id, broken.Id, broken.At, organizations.Count == 0))));
        return await NoticingAsync(() => CommandAsync(
            command.Asker, "breakGlass", () => BreakGlassRules.Break(State, command, organizations, at), () => Opened(BreakGlassRules.Find(State, BreakGlassId.From(command.Command))!)));
    }

    public Task<Outcome<IReadOnlyList<BrokenGlassView>>> BrokenGlassesAsync(Asker asker) => AskAsync(
        asker, AccessAction.View, "brokenGlasses", judge => judge.ActsAsPatient
            ? Answer.Of(judge.AsPatient, () => (IReadOnlyList<BrokenGlassView>)[.. State.Consents.BrokenGlasses.Reverse().Select(Glass)])
            : Answer.None<IReadOnlyList<BrokenGlassView>>(judge));

    public async Task<Outcome<BrokenGlassView>> GlassReviewAsync(Asker asker, BreakGlassId glass)
    {
        var memberships = await ReviewersGroupsAsync(asker);
        return await AskAsync(asker, AccessAction.View, "glassReview", judge => ForReview(asker, glass, memberships) is { } found
            ? Answer.Of(new Decision(true, DecisionReason.GlassReview, new ConsentId(glass.Value), 1), () => Glass(found))
            : Answer.None<BrokenGlassView>(judge));
    }

    public async Task<Outcome<BrokenGlassView>> RecordGlassFindingAsync(RecordGlassFinding command)
    {
        var memberships = await ReviewersGroupsAsync(command.Asker);
        return await NoticingAsync(() => CommandAsync(
            command.Asker, "recordGlassFinding",
            () => GlassReviewRules.Record(State, command, ForReview(command.Asker, command.Glass, memberships), Now),
            () => Glass(BreakGlassRules.Find(State, command.Glass)!)));
    }

    public async Task<Outcome<BrokenGlassView>> CloseGlassReviewAsync(CloseGlassReview command)
    {
        var memberships = await ReviewersGroupsAsync(command.Asker);
        var closed = await NoticingAsync(() => CommandAsync(
            command.Asker, "closeGlassReview",
            () => GlassReviewRules.Close(State, command, ForReview(command.Asker, command.Glass, memberships), Now),
            () => Glass(BreakGlassRules.Find(State, command.Glass)!)));
        // A repeat tells the queues again: an earlier try may have ended between the two. Until they know, a reviewer's list leaves out what is closed.
        if (closed.Succeeded)
            await Task.WhenAll(QueuesOf(closed.Value.Organizations).Select(queue => queue.UnqueueReviewAsync(command.Glass)));
        return closed;
    }

    private static OpenedGlass Opened(BrokenGlass glass) => new(glass.Id, glass.At, glass.Until);

    private BrokenGlassView Glass(BrokenGlass glass) => GlassReview.View(glass, State.GlassReviews.GetValueOrDefault(glass.Id.Value), Id, Now, ReviewWithin);

    private BrokenGlass? ForReview(Asker asker, BreakGlassId glass, IReadOnlyCollection<Membership> memberships) =>
        GlassReviewRules.ForReview(State, glass, asker, memberships, Now, ReviewWithin);

    /// <summary>Operators see everything in theirs once it is overdue, so each breaking is in it.</summary>
    private IEnumerable<IProviderGrain> QueuesOf(IReadOnlyList<ProviderId> organizations) =>
        organizations.Append(GlassReviewers.Operators).Select(queue => GrainFactory.GetGrain<IProviderGrain>(queue.Value));

    private async Task<IReadOnlyCollection<Membership>> ReviewersGroupsAsync(Asker asker) =>
        asker.Actor.Kind == ActorKind.Practitioner ? await GrainFactory.GetGrain<IProviderGrain>(asker.Actor.Id).MembershipsAsync() : [];

    private async Task<IReadOnlyList<ProviderId>> OrganizationsAsync(Asker asker)
    {
        var groups = await Task.WhenAll((await ReviewersGroupsAsync(asker)).Select(membership => GrainFactory.GetGrain<IProviderGrain>(membership.Group.Value).ViewAsync()));
        return [.. groups.Select(group => group.Value).OfType<ProviderView>().Where(group => group.Kind == ProviderKind.Organization).Select(group => group.Id)];
    }
}
