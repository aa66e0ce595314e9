using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.Consents;

/// <summary>The default policy and the hard opt-out, as commands.</summary>
public sealed class PolicyRulesTests
{
    private static readonly ChooseDefaultPolicy Treatment = new(new CommandId(Id(210)), AnaAsks, DefaultPolicy.PermitTreatment);
    private static readonly ChangeOptOut OptOut = new(new CommandId(Id(211)), AnaAsks, true, true);

    [Theory, Trait("Feature", "13")]
    [InlineData(DefaultPolicy.Deny, false, false, false)]
    [InlineData(DefaultPolicy.PermitEmergency, false, true, false)]
    [InlineData(DefaultPolicy.PermitTreatment, true, true, false)]
    [InlineData(DefaultPolicy.Permit, true, true, true)]
    public void AChosenDefault_HoldsWhereNoConsentSaysAnything(DefaultPolicy policy, bool treatment, bool emergency, bool research)
    {
        var book = Decide(Registered, PolicyRules.ChooseDefault(Registered, Treatment with { Policy = policy }, Now)).Consents;

        Assert.Equal(
            (treatment, emergency, research),
            (book.Permits(DrLee.Asks(), Datum()), book.Permits(DrLee.Asks(PurposeOfUse.ETREAT), Datum()), book.Permits(DrLee.Asks(PurposeOfUse.HRESCH), Datum())));
        Assert.False(book.Permits(Ben.Actor.Asks(), Datum()));
    }

    [Fact, Trait("Feature", "13")]
    public void ARepeat_ChangesNothing_EvenAfterALaterChoice()
    {
        var chosen = Decide(Registered, PolicyRules.ChooseDefault(Registered, Treatment, Now));
        var later = Decide(chosen, PolicyRules.ChooseDefault(chosen, Treatment with { Command = new CommandId(Id(212)), Policy = DefaultPolicy.Deny }, Now));

        Assert.Equal(Decided<PatientEvent>.AlreadyDone, PolicyRules.ChooseDefault(later, Treatment, Now));
        Assert.Equal(DefaultPolicy.Deny, later.Consents.Default);
    }

    [Fact]
    public void AChoiceOfWhatHoldsAlready_IsRemembered_SoThatItsRepeatUndoesNothing()
    {
        var same = Decide(Registered, PolicyRules.ChooseDefault(Registered, Treatment with { Policy = DefaultPolicy.Deny }, Now));
        var later = Decide(same, PolicyRules.ChooseDefault(same, Treatment with { Command = new CommandId(Id(212)) }, Now));

        Assert.Equal(Decided<PatientEvent>.AlreadyDone, PolicyRules.ChooseDefault(later, Treatment with { Policy = DefaultPolicy.Deny }, Now));
    }

    [Fact]
    public void ACommandIdUsedForAnotherChoice_IsRefused()
    {
        var chosen = Decide(Registered, PolicyRules.ChooseDefault(Registered, Treatment, Now));

        AssertRefused(RefusalCode.CommandReused, "commandId", PolicyRules.ChooseDefault(chosen, Treatment with { Policy = DefaultPolicy.Permit }, Now));
        AssertRefused(RefusalCode.CommandReused, "commandId", PolicyRules.ChangeOptOut(chosen, OptOut with { Command = Treatment.Command }, Now));
    }

    [Fact]
    public void AnUnknownPolicy_IsRefused() =>
        AssertRefused(RefusalCode.Invalid, "policy", PolicyRules.ChooseDefault(Registered, Treatment with { Policy = (DefaultPolicy)9 }, Now));

    [Fact, Trait("Feature", "24"), Trait("Feature", "35")]
    public void OptingOut_NeedsTheWarning_AndComingBackDoesNot()
    {
        AssertRefused(RefusalCode.ImpactNotAcknowledged, "impactAcknowledged", PolicyRules.ChangeOptOut(Registered, OptOut with { ImpactAcknowledged = false }, Now));
        var closed = Decide(Registered, PolicyRules.ChangeOptOut(Registered, OptOut, Now));
        Assert.True(closed.Consents.OptedOut);
        Assert.True(Assert.Single(closed.PolicyChoices).ImpactAcknowledged);

        var back = Decide(closed, PolicyRules.ChangeOptOut(closed, new ChangeOptOut(new CommandId(Id(213)), AnaAsks, false), Now));
        Assert.False(back.Consents.OptedOut);
        Assert.False(back.PolicyChoices[^1].ImpactAcknowledged);
        Assert.Equal([false, true], PolicyRules.View(back).Choices.Select(choice => choice.OptedOut));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, PolicyRules.ChangeOptOut(back, OptOut, Now));
    }

    [Fact]
    public void OnlyThePatientAndWhoActsFully_MayChoose()
    {
        foreach (var (state, may) in new[] { (WithDelegate(DelegateLevel.Full), true), (WithDelegate(DelegateLevel.View), false), (Registered, false) })
        {
            Assert.Equal(may, PolicyRules.ChooseDefault(state, Treatment with { Asker = Ben }, Now).Refusal is null);
            Assert.Equal(may, PolicyRules.ChangeOptOut(state, OptOut with { Asker = Ben }, Now).Refusal is null);
        }
    }

    [Fact]
    public void OnlyTheNewestThousandChoices_AreKept()
    {
        var state = Registered.After(
            [.. Enumerable.Range(0, PolicyRules.ChoicesKept + 1).Select(i => new OptOutChanged(Now.AddSeconds(i), i % 2 == 0, AnaAsks.Actor, null, new CommandId(Id(5_000 + i))))], 2);

        Assert.Equal(PolicyRules.ChoicesKept, state.PolicyChoices.Count);
        Assert.Equal(new CommandId(Id(5_001)), state.PolicyChoices[0].Command);
    }
}
