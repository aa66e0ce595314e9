using System.Text.Json;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using Hrms.Domain.Records;
using Hrms.Domain.Tests.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Records;

public sealed class RecordRulesTests
{
    private static readonly Asker Ana = new(Actor.Patient(PatientGens.Ana), PurposeOfUse.PATRQT);
    private static readonly AddRecords Command = new(new CommandId(Id(400)), Ana, RecordSource.Import, [Draft(1), Draft(2)]);
    private static readonly PatientState Empty = PatientState.Initial(PatientGens.Ana).After([new PatientRegistered(Now, PatientGens.Ana, Ana.Actor)], 1);
    private static readonly PatientState Added = Empty.After(RecordRules.Added(Command, [.. Command.Drafts.Select(Seal)], Now), 2);
    private static readonly AmendRecord Amendment = new(new CommandId(Id(401)), Ana, 1, RecordSource.Patient, Draft(1, "amended"));

    [Fact]
    public void NewRecords_AreAllNew_AndARepeatAddsNone()
    {
        Assert.Equal(2, RecordRules.New(Empty, Command, Digest).Value!.Count);
        Assert.Equal(2, Added.Records.Count);
        Assert.Empty(RecordRules.New(Added, Command, Digest).Value!);
    }

    [Fact]
    public void ACommandIdWithOtherContent_IsRefused() =>
        AssertRefused(RefusalCode.CommandReused, "commandId", RecordRules.New(Added, Command with { Drafts = [Draft(1), Draft(2, "other")] }, Digest).Refusal);

    [Fact]
    public void AProvidersEntryThatAnEarlierImportBrought_IsLeftOut()
    {
        var later = Command with { Command = new CommandId(Id(402)), Drafts = [Draft(1, "as another hospital has it"), Draft(3)] };
        Assert.Equal([Draft(3).Id], RecordRules.New(Added, later, Digest).Value!.Select(draft => draft.Id));
    }

    [Fact]
    public void NoneTwiceOrTooMany_AreRefused()
    {
        AssertRefused(RefusalCode.Invalid, null, RecordRules.New(Empty, Command with { Drafts = [] }, Digest).Refusal);
        AssertRefused(RefusalCode.Invalid, "drafts[1].id", RecordRules.New(Empty, Command with { Drafts = [Draft(1), Draft(1)] }, Digest).Refusal);
        var most = Enumerable.Range(0, Limits.IntakeRecordsMax).Select(i => Draft(i)).ToArray();
        Assert.Equal(most.Length, RecordRules.New(Empty, Command with { Drafts = most }, Digest).Value!.Count);
        AssertRefused(RefusalCode.LimitExceeded, null, RecordRules.New(Empty, Command with { Drafts = [.. most, Draft(-1)] }, Digest).Refusal);
    }

    [Fact, Trait("Feature", "52")]
    public void AnAmendment_AddsAVersion_AndKeepsTheOld()
    {
        Assert.Null(RecordRules.CheckAmendment(Added, Amendment, "d", out var done));
        Assert.False(done);
        var amended = Amended();
        Assert.Equal([1, 2], amended.Records.Versions(Amendment.Draft.Id).Select(version => version.Stored.Version));
        Assert.Equal(RecordSource.Patient, amended.Records.Find(Amendment.Draft.Id)!.Stored.Source);
        Assert.Equal("urn:uuid:1", amended.Records.Find(Amendment.Draft.Id)!.Stored.FullUrl);
    }

    [Fact]
    public void AnAmendmentThatComesTwice_IsOne_AndItsCommandWithOtherContentIsRefused()
    {
        Assert.Null(RecordRules.CheckAmendment(Amended(), Amendment, Digest(Amendment.Draft), out var done));
        Assert.True(done);
        AssertRefused(RefusalCode.CommandReused, "commandId", RecordRules.CheckAmendment(Amended(), Amendment, "other", out done));
        Assert.False(done);
    }

    [Fact]
    public void AnAmendmentOfAnOldVersion_OrOfAnotherType_OrOfNoRecord_IsRefused()
    {
        var other = Amendment with { Command = new CommandId(Id(403)) };
        AssertRefused(RefusalCode.StaleVersion, "expectedVersion", RecordRules.CheckAmendment(Amended(), other, "d", out _));
        AssertRefused(RefusalCode.StaleVersion, "expectedVersion", RecordRules.CheckAmendment(Added, other with { ExpectedVersion = 2 }, "d", out _));
        AssertRefused(RefusalCode.NotFound, null, RecordRules.CheckAmendment(Added, other with { Draft = Draft(9) }, "d", out _));
        AssertRefused(
            RefusalCode.Invalid, "resource.resourceType",
            RecordRules.CheckAmendment(Added, other with { Draft = Draft(1) with { ResourceType = "Condition" } }, "d", out _));
    }

    [Fact]
    public void OthersMayStore_OnlyWithTheActionStore()
    {
        Assert.False(MayStore(Added));
        Assert.False(MayStore(Added.After([new ConsentGranted(Now, new ConsentId(Id(1)), Permit(DrLee, to: [AccessAction.View]).Except(), [])], 5)));
        Assert.True(MayStore(Added.After([new ConsentGranted(Now, new ConsentId(Id(1)), Permit(DrLee, to: [AccessAction.Store]).Except(), [])], 5)));

        static bool MayStore(PatientState state) =>
            state.Consents.Policy.For(DrLee.Asks(action: AccessAction.Store)).Decide(new Datum(
                Draft(1).Id, Draft(1).Class, Draft(1).Date, Draft(1).Authors, Draft(1).Encounter, Draft(1).Labels)).Permitted;
    }

    [Fact]
    public void AnEntryThatWasThereBefore_IsAnsweredAsANewOneWouldBe()
    {
        var later = Command with { Command = new CommandId(Id(402)), Source = RecordSource.Practitioner, Drafts = [Draft(1, "amended")] };
        var anew = Empty.After(RecordRules.Added(later, [.. later.Drafts.Select(Seal)], Now), 2).Records.Find(Draft(1).Id)!.Metadata;
        var answered = RecordRules.AsSent(later, later.Drafts[0], Now, anew.StreamVersion);
        Assert.Equal(JsonSerializer.Serialize(anew), JsonSerializer.Serialize(answered));
    }

    private static PatientState Amended() => Added.After([RecordRules.Amended(Added, Amendment, Seal(Amendment.Draft), Now)], 4);

    private static RecordDraft Draft(int number, string content = "content") => new(
        new RecordId(Id(10_000 + number)), "Observation", DataClass.Laboratory, [], null, [], null, [], content == "amended" ? null : $"urn:uuid:{number}",
        System.Text.Encoding.UTF8.GetBytes(content));

    private static SealedDraft Seal(RecordDraft draft) => new(draft, "hash", Digest(draft));

    private static string Digest(RecordDraft draft) => Convert.ToHexString(draft.Content.Span);

    private static void AssertRefused(RefusalCode code, string? place, Refusal? refusal) =>
        Assert.Equal((code, place), (refusal?.Code ?? default, refusal?.Place));
}
