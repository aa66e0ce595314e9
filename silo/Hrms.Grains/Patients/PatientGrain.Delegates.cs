using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Grains.Patients;

/// <summary>Who acts for the patient.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<DelegationView>> AppointDelegateAsync(AppointDelegate command) => NoticingAsync(() => CommandAsync(
        command.Asker, "appointDelegate", () => DelegateRules.Appoint(State, command, Now), () => Told(DelegationId.From(command.Command)), needsFreshSignIn: true));

    public Task<Outcome<DelegationView>> EndDelegationAsync(EndDelegation command) => NoticingAsync(() => CommandAsync(
        command.Asker, "endDelegation", () => DelegateRules.End(State, command, Now), () => Told(command.Delegation)));

    public Task<Outcome<IReadOnlyList<DelegationView>>> DelegationsAsync(Asker asker) => AskAsync(
        asker, AccessAction.View, "delegations", judge => judge.ActsAsPatient
            ? Answer.Of(judge.AsPatient, () => (IReadOnlyList<DelegationView>)[.. State.Consents.Delegations.Reverse().Select(delegation => delegation.View(Now))])
            : Answer.None<IReadOnlyList<DelegationView>>(judge));

    private DelegationView Told(DelegationId id)
    {
        TellDelegate(id);
        return State.Consents.Delegations.Find(delegation => delegation.Id == id)!.View(Now);
    }
}
