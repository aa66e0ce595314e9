using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.Consents;

/// <summary>Who may appoint delegates and end delegations, and what each level may.</summary>
public sealed class DelegateRulesTests
{
    private static readonly DateTimeOffset OfAge = Now.AddYears(3);
    private static readonly AppointDelegate Appoint = new(new CommandId(Id(220)), AnaAsks, BenId, DelegateRole.Guardian, DelegateLevel.Full, OfAge);
    private static readonly RegisterPatient Birth = new(new CommandId(Id(221)), Clerk, new GuardianDraft(BenId, OfAge));

    [Theory, Trait("Feature", "29")]
    [InlineData(DelegateLevel.RestrictedView, true, false, false)]
    [InlineData(DelegateLevel.View, true, true, false)]
    [InlineData(DelegateLevel.Full, true, true, true)]
    public void ALevel_SaysWhatADelegateMay(DelegateLevel level, bool plain, bool restricted, bool writes)
    {
        var state = Decide(Registered, DelegateRules.Appoint(Registered, Appoint with { Level = level }, Now));

        Assert.Equal(plain, state.Consents.Permits(BenAsks(), Datum()));
        Assert.Equal(restricted, state.Consents.Permits(BenAsks(), Datum(labels: ["HIV"])));
        Assert.Equal(writes, state.Consents.Permits(BenAsks(AccessAction.Store), Datum()));
        Assert.Equal(writes, ConsentRules.MayAct(state, Ben, Now));
        Assert.False(state.Consents.Permits(BenAsks() with { OnBehalf = false }, Datum()));
    }

    [Fact, Trait("Feature", "29")]
    public void APlainDenialToADelegate_HoldsAtEveryLevel()
    {
        foreach (var level in Enum.GetValues<DelegateLevel>())
        {
            var book = WithDelegate(level).Consents.With(Deny(Actor.Delegate(BenId)).Except().AsConsent(1));
            Assert.False(book.Permits(BenAsks(), Datum()));
        }
    }

    [Fact, Trait("Feature", "30")]
    public void AGuardian_EndsAtTheTickOfTheWardsComingOfAge()
    {
        var state = Decide(PatientState.Initial(Ana), RegistrationRules.Register(PatientState.Initial(Ana), Birth, Now));

        Assert.True(state.Consents.Permits(BenAsks(at: OfAge.AddTicks(-1)), Datum()));
        Assert.True(ConsentRules.MayAct(state, Ben, OfAge.AddTicks(-1)));
        Assert.False(state.Consents.Permits(BenAsks(at: OfAge), Datum()));
        Assert.False(ConsentRules.MayAct(state, Ben, OfAge));
        Assert.Equal(DelegationStatus.Expired, state.Consents.Delegations[0].View(OfAge).Status);
    }

    [Fact, Trait("Feature", "28")]
    public void ARegistration_AppointsOneGuardianOnce()
    {
        var state = Decide(PatientState.Initial(Ana), RegistrationRules.Register(PatientState.Initial(Ana), Birth, Now));

        Assert.Equal(Decided<PatientEvent>.AlreadyDone, RegistrationRules.Register(state, Birth, OfAge));
        AssertRefused(RefusalCode.CommandReused, "guardian", RegistrationRules.Register(state, Birth with { Guardian = null }, Now));
        AssertRefused(RefusalCode.CommandReused, "guardian", RegistrationRules.Register(state, Birth with { Guardian = new GuardianDraft(BenId, OfAge.AddDays(1)) }, Now));
        AssertRefused(RefusalCode.CommandReused, "guardian", RegistrationRules.Register(Registered, Birth, Now));
        AssertRefused(RefusalCode.Forbidden, null, RegistrationRules.Register(PatientState.Initial(Ana), Birth with { Asker = Ben }, Now));
        AssertRefused(RefusalCode.Invalid, "guardian.until", RegistrationRules.Register(PatientState.Initial(Ana), Birth with { Guardian = new GuardianDraft(BenId, Now) }, Now));
        AssertRefused(RefusalCode.Invalid, "guardian.delegate", RegistrationRules.Register(PatientState.Initial(Ana), Birth with { Guardian = new GuardianDraft(Ana, OfAge) }, Now));
    }

    [Fact]
    public void WhatCantBeMeant_IsRefusedWithItsPlace()
    {
        AssertRefused(RefusalCode.Invalid, "delegate", DelegateRules.Appoint(Registered, Appoint with { Delegate = Ana }, Now));
        AssertRefused(RefusalCode.Invalid, "delegate", DelegateRules.Appoint(Registered, Appoint with { Delegate = default }, Now));
        AssertRefused(RefusalCode.Invalid, "role", DelegateRules.Appoint(Registered, Appoint with { Role = default }, Now));
        AssertRefused(RefusalCode.Invalid, "level", DelegateRules.Appoint(Registered, Appoint with { Level = default }, Now));
        AssertRefused(RefusalCode.Invalid, "until", DelegateRules.Appoint(Registered, Appoint with { Until = null }, Now));
        AssertRefused(RefusalCode.Invalid, "until", DelegateRules.Appoint(Registered, Appoint with { Until = Now }, Now));
        Assert.Null(DelegateRules.Appoint(Registered, Appoint with { Until = null, Role = DelegateRole.Representative }, Now).Refusal);
    }

    [Fact]
    public void OnePersonIsADelegateOnce_AtATime()
    {
        AssertRefused(RefusalCode.WrongState, "delegate", DelegateRules.Appoint(WithDelegate(DelegateLevel.View), Appoint, Now));
        Assert.Null(DelegateRules.Appoint(WithDelegate(DelegateLevel.View, Now.AddDays(1)), Appoint, Now.AddDays(1)).Refusal);
    }

    [Fact]
    public void APatient_HasAtMostSoManyDelegations()
    {
        var full = Registered.After(
            [.. Enumerable.Range(0, Limits.DelegationsMax).Select(i => new DelegateAppointed(
                Now, new DelegationId(Id(7_000 + i)), new PatientId(Id(9_000 + i)), DelegateRole.Representative, DelegateLevel.View, null, AnaAsks.Actor))], 2);

        AssertRefused(RefusalCode.LimitExceeded, null, DelegateRules.Appoint(full, Appoint, Now));
    }

    [Fact]
    public void AnAppointmentThatComesTwice_IsOne_EvenAfterItsEnd()
    {
        var state = Decide(Registered, DelegateRules.Appoint(Registered, Appoint, Now));

        Assert.Equal(Decided<PatientEvent>.AlreadyDone, DelegateRules.Appoint(state, Appoint, OfAge));
        AssertRefused(RefusalCode.CommandReused, "commandId", DelegateRules.Appoint(state, Appoint with { Level = DelegateLevel.View }, Now));
    }

    [Fact, Trait("Feature", "28")]
    public void OnlyThePatientInPerson_Appoints()
    {
        AssertRefused(RefusalCode.Forbidden, null, DelegateRules.Appoint(WithDelegate(DelegateLevel.Full), Appoint with { Asker = Ben, Delegate = new PatientId(Id(103)) }, Now));
        Asker[] strangers = [Ben, Clerk, new(DrLee, PurposeOfUse.TREAT), new(Actor.Patient(BenId), PurposeOfUse.PATRQT)];
        foreach (var stranger in strangers)
        {
            AssertRefused(RefusalCode.NotFound, null, DelegateRules.Appoint(Registered, Appoint with { Asker = stranger }, Now));
            AssertRefused(RefusalCode.NotFound, null, DelegateRules.End(Registered, new EndDelegation(Appoint.Command, stranger, new DelegationId(Id(206))), Now));
        }
    }

    [Fact, Trait("Feature", "28")]
    public void ADelegation_IsEndedByThePatient_ByWhoResigns_AndAGuardiansByAnOperator()
    {
        var (representative, guardian) = (WithDelegate(DelegateLevel.View), WithDelegate(DelegateLevel.Full, OfAge, DelegateRole.Guardian));
        var end = new EndDelegation(new CommandId(Id(222)), AnaAsks, new DelegationId(Id(206)));
        foreach (var asker in new[] { AnaAsks, Ben, Ben with { OnBehalfOf = null } })
        {
            var ended = Decide(representative, DelegateRules.End(representative, end with { Asker = asker }, Now));
            Assert.False(ended.Consents.Permits(BenAsks(), Datum()));
            Assert.Equal((DelegationStatus.Ended, asker.Actor), (ended.Consents.Delegations[0].View(Now).Status, ended.Consents.Delegations[0].EndedBy));
            Assert.Equal(Decided<PatientEvent>.AlreadyDone, DelegateRules.End(ended, end with { Asker = asker }, Now));
        }
        Assert.False(ConsentRules.MayAct(Decide(guardian, DelegateRules.End(guardian, end with { Asker = Clerk }, Now)), Ben, Now));
        AssertRefused(RefusalCode.NotFound, null, DelegateRules.End(representative, end with { Asker = Clerk }, Now));
        AssertRefused(RefusalCode.NotFound, null, DelegateRules.End(representative, end with { Delegation = new DelegationId(Id(299)) }, Now));
        AssertRefused(RefusalCode.NotFound, null, DelegateRules.End(representative, end with { Asker = Ben with { OnBehalfOf = Actor.Patient(new PatientId(Id(104))) } }, Now));
    }

    [Fact]
    public void WhoActsFully_DoesNotEndAnothersDelegation()
    {
        var state = WithDelegate(DelegateLevel.Full).After(
            [new DelegateAppointed(Now, new DelegationId(Id(230)), new PatientId(Id(105)), DelegateRole.Representative, DelegateLevel.View, null, AnaAsks.Actor)], 3);

        AssertRefused(RefusalCode.Forbidden, null, DelegateRules.End(state, new EndDelegation(new CommandId(Id(222)), Ben, new DelegationId(Id(230))), Now));
    }
}
