using Hrms.Contracts;
using Hrms.Domain.Labels;
using Hrms.Domain.Patients;
using Hrms.Domain.Tests.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Labels;

[Trait("Feature", "6")]
public sealed class LabelRulesTests
{
    private static readonly StoredRecord Lab = PatientGens.Record(600, 6) with { Labels = ["HIV"] };
    private static readonly Asker Patient = new(Actor.Patient(PatientGens.Ana), PurposeOfUse.PATRQT);
    private static readonly Asker Officer = new(DrLee, PurposeOfUse.HOPERAT);

    private static readonly PatientState Start =
        PatientState.Initial(PatientGens.Ana).After([new PatientRegistered(Now, PatientGens.Ana, Patient.Actor), new RecordAdded(Now, Lab)], 1);

    [Fact]
    public void ThePatient_AddsALabel_ToAllVersions()
    {
        var state = After(Start, new RecordAmended(Now, Lab with { Version = 2 }));
        state = Done(state, Add("PSY"));
        Assert.All(state.Records.Versions(Lab.Id), version => Assert.Equal(["HIV", "PSY"], version.Metadata.Labels));
        Assert.Equal(state.PolicyVersion, Assert.Single(state.Records.LabelChanges(Lab.Id)).StreamVersion);
    }

    [Fact]
    public void AChangeThatComesTwice_IsOne_EvenAfterALaterOne()
    {
        var later = Done(Done(Start, Add("PSY")), Lower(Patient, "PSY", 3));

        Assert.Equal(Decided<PatientEvent>.AlreadyDone, LabelRules.Change(later, Add("PSY"), false, Now));
        Assert.Equal(RefusalCode.CommandReused, LabelRules.Change(later, Add("ETH"), false, Now).Refusal?.Code);
    }

    [Fact]
    public void ALabelOfTheMostCharacters_IsTaken()
    {
        Assert.NotEmpty(LabelRules.Change(Start, Add(new string('X', Limits.CodeLengthMax)), false, Now).Events);
        Assert.Equal(RefusalCode.Invalid, LabelRules.Change(Start, Add(new string('X', Limits.CodeLengthMax + 1)), false, Now).Refusal?.Code);
    }

    [Fact]
    public void AnAmendment_KeepsLabels_AndBringsItsOwnToOlderVersions()
    {
        var state = After(Done(Start, Add("PSY")), new RecordAmended(Now, Lab with { Version = 2, Labels = ["V"] }));
        Assert.All(state.Records.Versions(Lab.Id), version => Assert.Equal(["HIV", "V", "PSY"], version.Metadata.Labels));
        Assert.Equal(["V"], state.Records.Find(Lab.Id)!.Stored.Labels);
    }

    [Fact]
    public void ThePatient_LowersWhatThePatientAdded_AndNothingElse()
    {
        var state = Done(Done(Start, Add("PSY")), Add("HIV", 2));
        state = Done(Done(state, Lower(Patient, "PSY", 3)), Lower(Patient, "HIV", 4));
        Assert.Equal(["HIV"], state.Records.Find(Lab.Id)!.Metadata.Labels);
        Assert.Equal(RefusalCode.Forbidden, LabelRules.Change(state, Lower(Patient, "HIV", 5), false, Now).Refusal!.Code);
        Assert.Equal(RefusalCode.WrongState, LabelRules.Change(state, Lower(Patient, "PSY", 6), false, Now).Refusal!.Code);
    }

    [Fact]
    public void ThePrivacyOfficer_LowersWhatARecordCameWith_AndNotWhatThePatientAdded()
    {
        var state = Done(Start, Add("PSY"));
        Assert.Equal(RefusalCode.Forbidden, LabelRules.Change(state, Lower(Officer, "PSY", 2), true, Now).Refusal!.Code);
        state = Done(state, Lower(Officer, "HIV", 3), officerSees: true);
        Assert.Equal(["PSY"], state.Records.Find(Lab.Id)!.Metadata.Labels);
        Assert.Equal("HIV", After(state, new RecordAmended(Now, Lab with { Version = 2 })).Records.Find(Lab.Id)!.Metadata.Labels[0]);
    }

    [Fact]
    public void AnybodyElse_AndAnOfficerWhoDoesNotSeeTheRecord_FindNoSuchRecord()
    {
        foreach (var (command, officer) in new[]
                 {
                     (Add("PSY") with { Asker = Officer }, true), (Add("PSY") with { Asker = Officer }, false), (Lower(Officer, "HIV"), false),
                     (Lower(Officer, "HIV") with { Record = new RecordId(Id(601)) }, true), (Add("PSY") with { Record = new RecordId(Id(601)) }, false),
                 })
            Assert.Equal(Refusal.NotFound(), LabelRules.Change(Start, command, officer, Now).Refusal);
    }

    [Theory]
    [InlineData("", "why", "label")]
    [InlineData("P Y", "why", "label")]
    [InlineData("HIV", null, "why")]
    [InlineData("HIV", " ", "why")]
    public void WhatCannotBeMeant_IsRefusedWithItsPlace(string label, string? why, string place)
    {
        var refusal = LabelRules.Change(Start, Lower(Officer, label) with { Why = why }, true, Now).Refusal!;
        Assert.Equal((RefusalCode.Invalid, place), (refusal.Code, refusal.Place));
    }

    [Fact]
    public void TheLongestReason_IsTaken_AndOneCharacterMoreIsNot()
    {
        Assert.Null(LabelRules.Change(Start, Add("PSY") with { Why = new string('w', Limits.ReasonLengthMax) }, false, Now).Refusal);
        Assert.Equal("why", LabelRules.Change(Start, Add("PSY") with { Why = new string('w', Limits.ReasonLengthMax + 1) }, false, Now).Refusal!.Place);
    }

    [Fact]
    public void TheMostChanges_AreTaken_AndOneMoreIsNot()
    {
        var state = Start;
        for (var i = 0; i < Limits.LabelChangesMax; i++)
            state = Done(state, Add($"L{i}", i));
        Assert.Equal(RefusalCode.LimitExceeded, LabelRules.Change(state, Add("X", -1), false, Now).Refusal!.Code);
    }

    [Fact]
    public void ACommandThatComesTwice_IsOne_AndItsIdForAnotherLabelIsRefused()
    {
        var state = Done(Start, Add("PSY"));
        Assert.Empty(LabelRules.Change(state, Add("PSY"), false, Now).Events);
        Assert.Empty(LabelRules.Change(state, Add("PSY", 2), false, Now).Events);
        Assert.Equal(RefusalCode.CommandReused, LabelRules.Change(state, Add("SEX"), false, Now).Refusal!.Code);
    }

    private static ChangeLabel Add(string label, int command = 1) =>
        new(new CommandId(Id(700 + command)), Patient, Lab.Id, label, LabelStep.Added, null);

    private static ChangeLabel Lower(Asker asker, string label, int command = 1) =>
        new(new CommandId(Id(700 + command)), asker, Lab.Id, label, LabelStep.Lowered, "Marked by mistake.");

    private static PatientState Done(PatientState state, ChangeLabel command, bool officerSees = false)
    {
        var decided = LabelRules.Change(state, command, officerSees, Now);
        Assert.Null(decided.Refusal);
        return After(state, Assert.Single(decided.Events));
    }

    // Each one version later: the stream's version is what orders versions and changes of labels.
    private static PatientState After(PatientState state, PatientEvent happened) =>
        state.After([happened], 1 + state.Records.All.Select(v => v.Metadata.StreamVersion).Concat(state.Records.AllLabelChanges.Select(c => c.StreamVersion)).Max());
}
