using Hrms.Contracts;
using Hrms.Domain;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Providers;
using Hrms.Grains.Journaling;

namespace Hrms.Grains.Providers;

/// <summary>A practitioner or an organisation: its profile, its members or memberships, and the index of who shares with it.</summary>
public sealed partial class ProviderGrain(
    StreamServices services, [PersistentState("provider")] IPersistentState<StreamSnapshot> snapshot)
    : StreamGrain<ProviderState, ProviderEvent>(services, snapshot), IProviderGrain
{
    private ProviderId Id => new(this.GetPrimaryKey());

    protected override StreamId Stream => Id;

    public async Task<Outcome<ProviderView>> RegisterAsync(RegisterProvider command)
    {
        var decided = ProviderRules.Register(State, command, Now);
        return decided.Refusal is { } refusal ? await ConfirmedAsync(refusal) : await CommittedAsync(decided);
    }

    public Task<Outcome<ProviderView>> ViewAsync() =>
        Task.FromResult<Outcome<ProviderView>>(State.Profile is null ? Refusal.NotFound("No such provider.") : State.View());

    public async Task<Outcome<ProviderView>> ChangeMembershipAsync(ChangeMembership command)
    {
        var decided = ProviderRules.ChangeMembership(State, command, Now);
        if (decided.Refusal is { } refusal)
            return await ConfirmedAsync(refusal);
        if (await IsEndedAsync(command.Asker))
            return TokenRules.TokenEnded;
        // Told again when we knew it already: an earlier try may have ended between the two.
        // Who leaves loses access first and the list is told second; who joins, the other way round; who changes role, leaves and joins. A fault between the two never leaves access too wide.
        var practitioner = GrainFactory.GetGrain<IProviderGrain>(command.Practitioner.Value);
        var changesRole = State.Members.TryGetValue(command.Practitioner.Value, out var role) && role != command.Role;
        if (!command.Member)
            await practitioner.LeavesAsync(Id);
        else if (changesRole)
            await practitioner.BelongsAsync(Id, false, null);
        var view = await CommittedAsync(decided);
        if (command.Member)
            await practitioner.BelongsAsync(Id, true, command.Role);
        return view;
    }

    public async Task<IReadOnlyList<Membership>> MembershipsAsync()
    {
        await BeNewestAsync();
        return Memberships();
    }

    public async Task BelongsAsync(ProviderId group, bool member, string? role)
    {
        if (IsForeign)
            return;
        var belongs = State.MemberOf.TryGetValue(group.Value, out var has);
        if (belongs == member && has == role)
            return;
        if (member && !belongs)
            await NoteGroupAsync(AccountEventKind.OrganizationJoined, group);
        await CommitAsync([member ? new OrganizationJoined(Now, group, role) : new OrganizationLeft(Now, group)]);
    }

    public async Task OwesPurgeAsync(PurgeDuty duty, bool owes)
    {
        if (owes != State.Duties.Contains(duty) && (owes || State.Duties.Exists(other => other.Patient == duty.Patient && other.Consent == duty.Consent)))
            await CommitAsync([owes ? new PurgeDutyArose(Now, duty) : new PurgeDutyEnded(Now, duty.Patient, duty.Consent)]);
    }

    public async Task ForgetPatientAsync(PatientId patient, IReadOnlyList<PurgeDuty> duties)
    {
        if (!IsForeign && ProviderRules.Forget(State, patient, duties, Now) is { Count: > 0 } events)
            await CommitAsync(events);
    }

    public async Task<HoldingView?> PurgedOfErasedAsync(Actor holder, PatientId patient, ConsentId consent)
    {
        if (State.Duties.Find(duty => duty.Patient == patient && duty.Consent == consent) is not { Since: { } since } duty)
            return null;
        await CommitAsync([new PurgeDutyEnded(Now, patient, consent)]);
        return new HoldingView(consent, holder, since, duty.PurgeBy, Now, HoldingStatus.Purged);
    }

    public Task<IReadOnlyList<PurgeDuty>> PurgeDutiesAsync() =>
        Task.FromResult<IReadOnlyList<PurgeDuty>>([.. State.Duties.OrderBy(duty => duty.PurgeBy)]);

    protected override ProviderState Initial() => ProviderState.Initial;

    protected override ProviderState Fold(ProviderState state, IReadOnlyList<ProviderEvent> events, long firstVersion) =>
        events.Aggregate(state, (folded, happened) => folded.After(happened));

    protected override byte[] WriteSnapshot(ProviderState state) => EventJson.Write(ProviderSnapshot.Of(state));

    protected override ProviderState ReadSnapshot(byte[] json) => EventJson.Read<ProviderSnapshot>(json).Restore();

    private IReadOnlyList<Membership> Memberships() => [.. State.MemberOf.Select(group => new Membership(new ProviderId(group.Key), group.Value))];

    private async Task<Outcome<ProviderView>> CommittedAsync(Decided<ProviderEvent> decided)
    {
        if (decided.Events.Count > 0)
            await CommitAsync(decided.Events);
        return State.View();
    }
}
