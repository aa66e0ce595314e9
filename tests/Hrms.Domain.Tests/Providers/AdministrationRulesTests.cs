using Hrms.Contracts;
using Hrms.Domain.Providers;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Providers;

/// <summary>Who reads how an organisation or the installation is run, what of a stream that is, and who writes into the installation's.</summary>
public sealed class AdministrationRulesTests
{
    private static readonly Actor Clerk = new(ActorKind.Operator, Id(90)), Auditor = new(ActorKind.Auditor, Id(91)), Boss = new(ActorKind.Administrator, Id(92));
    private static readonly ProviderId Hospital = new(CityHospital.Id), Team = new(Id(40));
    private static readonly Asker Server = new(Clerk, PurposeOfUse.HOPERAT), Person = Server with { Token = new TokenFacts(null, Now, Now) };
    private static readonly CommandId Command = new(Id(94));
    private static readonly ProviderState Admitted = After(
        new ProviderRegistered(Now, new(Hospital, ProviderKind.Organization, "City Hospital", "urn:test", "1"), Clerk), new OrganizationAdmitted(Now, Clerk),
        new InvitationAccepted(Now, new InvitationId(Id(95)), InvitationKind.Administrator, Boss.Id));

    [Fact]
    public void ThoseWhoRunIt_ItsSystem_OperatorsAndAuditors_Read_AndNobodyElse()
    {
        Assert.All(new[] { Clerk, Auditor, Boss, CityHospital }, actor => Assert.True(AdministrationRules.MayRead(Admitted, Hospital, actor)));
        Assert.All(
            new[] { DrLee, Actor.Organization(new ProviderId(Id(41))), Boss with { Id = Id(42) }, Actor.Patient(new PatientId(Id(43))), Actor.App("diary"), DrLee with { Id = CityHospital.Id, Kind = ActorKind.Device } },
            actor => Assert.False(AdministrationRules.MayRead(Admitted, Hospital, actor)));
        Assert.False(AdministrationRules.MayRead(ProviderState.Initial, Hospital, Clerk));
        Assert.False(AdministrationRules.MayRead(ProviderState.Initial, Hospital, CityHospital));
        Assert.All(new[] { Clerk, Auditor }, actor => Assert.True(AdministrationRules.MayRead(ProviderState.Initial, Installation.Id, actor)));
        Assert.False(AdministrationRules.MayRead(ProviderState.Initial, Installation.Id, Boss));
    }

    /// <summary>Who imported what names an organisation registered it, and has no business with it.</summary>
    [Fact]
    public void WhoRegisteredACareTeam_ReadsIt_AndWhoRegisteredAnythingElseDoesNot()
    {
        Assert.True(AdministrationRules.MayRead(After(new ProviderRegistered(Now, new(Team, ProviderKind.CareTeam, "Ward 3", "s", "v"), CityHospital)), Team, CityHospital));
        Assert.False(AdministrationRules.MayRead(After(new ProviderRegistered(Now, new(Team, ProviderKind.Organization, "Ward 3", "s", "v"), DrLee)), Team, DrLee));
        Assert.True(AdministrationRules.MayRead(After(new ProviderRegistered(Now, new(new ProviderId(DrLee.Id), ProviderKind.Practitioner, "Dr Lee", "s", "v"), Clerk)), new ProviderId(DrLee.Id), DrLee));
    }

    [Fact]
    public void TheInstallation_IsToldByAnOperatorsCommandToALane_OrByTheServer_Once()
    {
        NoteAct Note(Asker asker, AdministrativeActKind kind) => new(Command, asker, kind, "about", null);
        foreach (var (asker, kind) in new[] { (Person, AdministrativeActKind.LaneOperated), (Server, AdministrativeActKind.AppRegistered), (Server, AdministrativeActKind.LaneOperated) })
        {
            var acted = Assert.IsType<InstallationActed>(Assert.Single(AdministrationRules.Note(ProviderState.Initial, Installation.Id, Note(asker, kind), Now).Events));
            Assert.Equal((kind, Clerk, "about", Command), (acted.Kind, acted.By, acted.About, acted.Command));
            Assert.Equal(Decided<ProviderEvent>.AlreadyDone, AdministrationRules.Note(After(acted), Installation.Id, Note(asker, kind), Now));
        }
        Assert.Equal(RefusalCode.NotFound, AdministrationRules.Note(ProviderState.Initial, Installation.Id, Note(Person, AdministrativeActKind.AppRegistered), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, AdministrationRules.Note(ProviderState.Initial, Installation.Id, Note(Person with { Actor = Auditor }, AdministrativeActKind.LaneOperated), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, AdministrationRules.Note(Admitted, Hospital, Note(Server, AdministrativeActKind.AppRegistered), Now).Refusal?.Code);
        var longest = AdministrationRules.Note(ProviderState.Initial, Installation.Id, Note(Person, AdministrativeActKind.LaneOperated) with { About = new string('x', Limits.ReasonLengthMax + 1) }, Now);
        Assert.Equal(Limits.ReasonLengthMax, ((InstallationActed)longest.Events[0]).About.Length);
    }

    [Fact]
    public void ALine_SaysWhoDidWhatWhen_AndTellsOfNoPatient()
    {
        var added = AdministrationRules.LineOf(new MemberAdded(Now, new ProviderId(DrLee.Id), "nurse", Boss), 7)!;
        Assert.Equal(new AdministrativeLine(7, Now, AdministrativeActKind.MemberAdded, Boss, DrLee.Id, "nurse"), added);
        Assert.Equal(Now.AddHours(-1), AdministrationRules.LineOf(new InstallationActed(Now, AdministrativeActKind.AppRemoved, Clerk, "diary", Command, Now.AddHours(-1)), 8)!.At);
        var draft = new ProviderDraft(Hospital, ProviderKind.Organization, "n", "s", "v");
        Assert.Null(AdministrationRules.LineOf(new ProviderRegistered(Now, draft, Actor.Patient(new PatientId(Id(43)))), 1)!.By);
        Assert.Null(AdministrationRules.LineOf(new ProviderRegistered(Now, draft, DrLee), 1)!.By);
        Assert.Equal(Clerk, AdministrationRules.LineOf(new ProviderRegistered(Now, draft, Clerk), 1)!.By);
        Assert.Equal(CityHospital, AdministrationRules.LineOf(new ProviderRegistered(Now, draft, CityHospital), 1)!.By);
        Assert.Null(AdministrationRules.LineOf(new PatientShared(Now, new PatientId(Id(43))), 1));
        Assert.Null(AdministrationRules.LineOf(new GlassReviewUnqueued(Now, new BreakGlassId(Id(44))), 1));
    }

    [Fact]
    public void TheNewestActsAreRemembered_AndNoMore()
    {
        var state = After([.. Enumerable.Range(0, 100).Select(i => new InstallationActed(Now, AdministrativeActKind.AppChanged, Clerk, "a", new CommandId(Id(200 + i))))]);
        Assert.Equal(OrganizationAccounts.CommandsKept, state.Accounts.Acts.Count);
        Assert.Equal(new CommandId(Id(299)), state.Accounts.Acts[^1]);
    }

    private static ProviderState After(params ProviderEvent[] events) => events.Aggregate(ProviderState.Initial, (state, happened) => state.After(happened));
}
