using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Grains.Patients;

/// <summary>What holds for the whole record: the default policy and the hard opt-out.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<PolicyView>> ChooseDefaultPolicyAsync(ChooseDefaultPolicy command) => CommandAsync(
        command.Asker, "chooseDefaultPolicy", () => PolicyRules.ChooseDefault(State, command, Now), () => PolicyRules.View(State), needsFreshSignIn: true);

    public Task<Outcome<PolicyView>> ChangeOptOutAsync(ChangeOptOut command) => CommandAsync(
        command.Asker, "changeOptOut", () => PolicyRules.ChangeOptOut(State, command, Now), () => PolicyRules.View(State), needsFreshSignIn: true);

    public Task<Outcome<PolicyView>> PolicyAsync(Asker asker) => AskAsync(
        asker, AccessAction.View, "policy", judge => judge.ActsAsPatient
            ? Answer.Of(judge.AsPatient, () => PolicyRules.View(State))
            : Answer.None<PolicyView>(judge));
}
