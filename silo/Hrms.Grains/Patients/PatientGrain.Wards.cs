using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Grains.Patients;

/// <summary>Whom the person acts for, and telling delegates that they act for this one.</summary>
public sealed partial class PatientGrain
{
    public async Task ActsForAsync(Ward ward, bool acts)
    {
        if (!IsErased && WardRules.Learn(State, ward, acts, Now).Events is { Count: > 0 } events)
            await CommitAsync(events);
    }

    public Task<Outcome<IReadOnlyList<Ward>>> WardsAsync(Asker asker, DelegationId? after, int first) => AskAsync(
        asker, AccessAction.View, "wards", judge => judge.IsSelf
            ? Answer.Of(judge.AsPatient, [], () => Task.FromResult(WardRules.Page(State, after, first, Now)))
            : Answer.None<IReadOnlyList<Ward>>(judge));

    /// <summary>Tells the delegate's list; a hint, which a repeated command gives again. Whether there is such a person does not show.</summary>
    private void TellDelegate(DelegationId id)
    {
        var delegation = State.Consents.Delegations.Find(known => known.Id == id)!;
        var ward = new Ward(Id, id, delegation.Role, delegation.Level, delegation.From, delegation.Until);
        GrainFactory.GetGrain<IPatientGrain>(delegation.Delegate.Value).ActsForAsync(ward, delegation.HoldsAt(Now)).Ignore();
    }
}
