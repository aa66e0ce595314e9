using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Insight;
using Hrms.Domain.Patients;
using Hrms.Domain.Tests.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Insight;

/// <summary>Who would gain and who would lose what, before it is signed.</summary>
public sealed class PreviewTests
{
    private static readonly StoredRecord Lab = PatientGens.Record(3_000, 3), Condition = PatientGens.Record(3_001, 1);
    private static readonly ConsentId Given = new(Id(1));
    private static readonly Dictionary<Actor, IReadOnlyCollection<Membership>> NoGroups = [];

    private static readonly PatientState State = PatientState.Initial(PatientGens.Ana).After(
        [
            new PatientRegistered(Now, PatientGens.Ana, Actor.Patient(PatientGens.Ana)), new RecordAdded(Now, Lab), new RecordAdded(Now, Condition),
            new ConsentGranted(Now, Given, Permit(DrLee).Except(), []),
        ],
        1);

    [Fact, Trait("Feature", "26")]
    public void ADraft_ShowsWhoGains_AndChangesNothing()
    {
        var after = Tried(null, Permit(DrKim, Only(DataClass.Laboratory), @for: [PurposeOfUse.TREAT]).Except());

        var change = Assert.Single(Previewing.Visibility(State, after, Previewing.Draft, NoGroups, Now));
        Assert.Equal((DrKim, true, 1), (change.Grantee, change.Gains, change.Records));
        Assert.Equal([PurposeOfUse.TREAT], change.Purposes);
        Assert.Equal([DataClass.Laboratory], change.Classes);
        Assert.Contains("would see 1 record(s) (Laboratory) for TREAT", change.Text, StringComparison.Ordinal);
        Assert.Single(State.Consents.Consents);
    }

    [Fact, Trait("Feature", "26")]
    public void ARevocation_ShowsWhoLoses_NowAndInPastAccesses()
    {
        var after = Tried(Given, null);

        var change = Assert.Single(Previewing.Visibility(State, after, Given, NoGroups, Now));
        Assert.Equal((DrLee, false, 2, 12), (change.Grantee, change.Gains, change.Records, change.Purposes.Count));
        Assert.StartsWith($"the practitioner {DrLee.Id} would no longer see 2 record(s) (", change.Text, StringComparison.Ordinal);
        Assert.False(Previewing.Repeated(State, after, Look(DrLee, true), [], Now));
        Assert.Null(Previewing.Repeated(State, after, Look(DrKim, false), [], Now));
        var words = Assert.Single(Previewing.InWords([(Look(DrLee, true), false), (Look(DrLee, true), false)]));
        Assert.Equal((2, false), (words.Accesses, words.Gains));
    }

    [Fact, Trait("Feature", "26")]
    public void OtherTerms_ShowBoth()
    {
        var after = Tried(Given, Permit(DrKim, Only(DataClass.Laboratory)).Except());

        var changes = Previewing.Visibility(State, after, Given, NoGroups, Now);
        Assert.Equal([(DrLee, false, 2), (DrKim, true, 1)], changes.Select(change => (change.Grantee, change.Gains, change.Records)));
    }

    [Fact, Trait("Feature", "26")]
    public void PurposesForWhichTheSameRecordsChange_AreToldTogether_AndOthersApart()
    {
        var terms = Permit(DrKim, Only(DataClass.Laboratory, DataClass.Conditions), [PurposeOfUse.TREAT, PurposeOfUse.ETREAT]).Except(
            Deny(DrKim, Only(DataClass.Laboratory), [PurposeOfUse.ETREAT]));
        var research = Permit(DrKim, Only(DataClass.Laboratory), [PurposeOfUse.TREAT, PurposeOfUse.COC]).Except();

        var apart = Previewing.Visibility(State, Tried(null, terms), Previewing.Draft, NoGroups, Now);
        Assert.Equal([(2, "TREAT"), (1, "ETREAT")], apart.Select(change => (change.Records, string.Join(' ', change.Purposes))));
        Assert.Equal([DataClass.Conditions, DataClass.Laboratory], apart[0].Classes.OrderBy(each => each.ToString(), StringComparer.Ordinal));
        Assert.Equal(apart[0].Classes.Order(), apart[0].Classes);
        var together = Assert.Single(Previewing.Visibility(State, Tried(null, research), Previewing.Draft, NoGroups, Now));
        Assert.Equal([PurposeOfUse.TREAT, PurposeOfUse.COC], together.Purposes);
    }

    [Fact, Trait("Feature", "26")]
    public void ADraftThatBeginsLater_ShowsWhatItWillOpen()
    {
        var later = Permit(DrKim, Only(DataClass.Laboratory), @for: [PurposeOfUse.TREAT]).Valid(Now.AddDays(1), null);

        var change = Assert.Single(Previewing.Visibility(State, Tried(null, later), Previewing.Draft, NoGroups, Now));
        Assert.Equal((DrKim, true, 1), (change.Grantee, change.Gains, change.Records));
        Assert.Equal(2, Previewing.Visibility(State, Tried(Given, later), Given, NoGroups, Now).Count);
    }

    [Fact, Trait("Feature", "26")]
    public void WhoBelongsToAGroup_GainsByItsConsent()
    {
        Dictionary<Actor, IReadOnlyCollection<Membership>> groups = new() { [DrLee] = [new Membership(new ProviderId(CityHospital.Id))] };
        var after = Tried(null, Deny(CityHospital, Only(DataClass.Laboratory), [PurposeOfUse.TREAT]).Except());

        var changes = Previewing.Visibility(State, after, Previewing.Draft, groups, Now);
        Assert.Equal([(DrLee, false, 1)], changes.Select(change => (change.Grantee, change.Gains, change.Records)));
        Assert.Empty(Previewing.Visibility(State, after, Previewing.Draft, NoGroups, Now));
    }

    [Fact, Trait("Feature", "26")]
    public void PastAccesses_AreCounted_ByWhoAskedForWhat_WithTheLatest()
    {
        var (after, asked) = (Tried(null, Permit(DrKim, Only(DataClass.Laboratory)).Except()), Look(DrKim, false));
        Assert.True(Previewing.Repeated(State, after, asked, [], Now));
        Assert.Null(Previewing.Repeated(State, after, asked with { Records = [] }, [], Now));
        Assert.Null(Previewing.Repeated(State, after, asked with { Records = [new AccessedRecord(new RecordId(Id(1)), 1, asked.Decision)] }, [], Now));

        var words = Previewing.InWords([(asked, true), (asked with { At = Now.AddHours(1) }, true), (asked with { At = Now.AddHours(-1) }, true), (Look(DrLee, true), false)]);

        Assert.Equal([(DrKim, true, 3, Now.AddHours(1)), (DrLee, false, 1, Now)], words.Select(each => (each.Actor, each.Gains, each.Accesses, each.LastAt)));
        Assert.Equal($"3 time(s) in the last 90 days the practitioner {DrKim.Id} asked for TREAT: the same would now be permitted.", words[0].Text);
        Assert.EndsWith("would now be refused.", words[1].Text, StringComparison.Ordinal);
    }

    [Fact, Trait("Feature", "26")]
    public void WhatCantBeDone_IsRefusedAsTheChangeWouldBe()
    {
        var revoked = State.After([new ConsentRevoked(Now, Given, 2, [])], 5);
        Assert.Equal((RefusalCode.WrongState, "consent"), Previewing.After(revoked, Draft(Given, null), Now).Refusal is { } refusal ? (refusal.Code, refusal.Place) : default);
        Assert.Equal(RefusalCode.WrongState, Previewing.After(revoked, Draft(Given, Permit(DrKim).Except()), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, Previewing.After(State, Draft(new ConsentId(Id(9)), null), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.Invalid, Previewing.After(State, Draft(null, null), Now).Refusal?.Code);
        Assert.Equal("terms.rule.grantee", Previewing.After(State, Draft(null, Permit(Actor.Anyone).Except()), Now).Refusal?.Place);
    }

    private static ConsentBook Tried(ConsentId? consent, ConsentTerms? terms) => Previewing.After(State, Draft(consent, terms), Now).Value!;

    private static PreviewConsent Draft(ConsentId? consent, ConsentTerms? terms) => new(new Asker(Actor.Patient(PatientGens.Ana), PurposeOfUse.PATRQT), consent, terms);

    private static AccessLine Look(Actor who, bool permitted)
    {
        var decision = new Decision(permitted, permitted ? DecisionReason.Permitted : DecisionReason.NoConsent);
        return new AccessLine(9, Now, new Asker(who, PurposeOfUse.TREAT), AccessAction.View, "record", decision, [new AccessedRecord(Lab.Id, 1, decision)], 4);
    }
}
