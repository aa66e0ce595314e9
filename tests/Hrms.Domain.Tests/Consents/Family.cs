using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

/// <summary>Ana, a patient, and Ben, who acts or would act for her.</summary>
internal static class Family
{
    public static readonly PatientId Ana = new(Id(100)), BenId = new(Id(101));
    public static readonly Asker AnaAsks = new(Actor.Patient(Ana), PurposeOfUse.PATRQT);
    public static readonly Asker Ben = new(Actor.Patient(BenId), PurposeOfUse.FAMRQT, Actor.Patient(Ana));
    public static readonly Asker Clerk = new(new Actor(ActorKind.Operator, Id(102)), PurposeOfUse.HOPERAT);
    public static readonly PatientState Registered = PatientState.Initial(Ana).After([new PatientRegistered(Now, Ana, Clerk.Actor)], 1);

    /// <summary>What Ben asks for as Ana's delegate.</summary>
    public static AccessRequest BenAsks(AccessAction action = AccessAction.View, DateTimeOffset? at = null) => Ben.Actor.Asks(PurposeOfUse.FAMRQT, action, at) with { OnBehalf = true };

    public static PatientState WithDelegate(DelegateLevel level, DateTimeOffset? until = null, DelegateRole role = DelegateRole.Representative) =>
        Registered.After([new DelegateAppointed(Now, new DelegationId(Id(206)), BenId, role, level, until, AnaAsks.Actor)], 2);

    /// <summary>The state after what was decided; fails when it was refused or changed nothing.</summary>
    public static PatientState Decide(PatientState state, Decided<PatientEvent> decided)
    {
        Assert.Null(decided.Refusal);
        Assert.NotEmpty(decided.Events);
        return state.After(decided.Events, 1_000);
    }

    public static void AssertRefused(RefusalCode code, string? place, Decided<PatientEvent> decided)
    {
        Assert.Equal((code, place), (decided.Refusal?.Code, decided.Refusal?.Place));
        Assert.Empty(decided.Events);
    }
}
