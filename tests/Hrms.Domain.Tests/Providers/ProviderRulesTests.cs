using Hrms.Contracts;
using Hrms.Domain.Providers;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Providers;

public sealed class ProviderRulesTests
{
    private static readonly Asker Operator = new(new Actor(ActorKind.Operator, Id(90)), PurposeOfUse.HOPERAT);
    private static readonly Asker Importer = new(Actor.Patient(new PatientId(Id(100))), PurposeOfUse.PATRQT);
    private static readonly ProviderDraft Hospital = new(new ProviderId(CityHospital.Id), ProviderKind.Organization, "City Hospital", "urn:test", "1");
    private static readonly ProviderId Lee = new(DrLee.Id);
    private static readonly ProviderState Registered = After(ProviderState.Initial, ProviderRules.Register(ProviderState.Initial, new(Operator, Hospital), Now));

    [Fact]
    public void TheFirstRegistrationStands_UntilAnOperatorCorrectsAnImport()
    {
        var imported = After(ProviderState.Initial, ProviderRules.Register(ProviderState.Initial, new(Importer, Hospital), Now));
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, ProviderRules.Register(imported, new(Importer, Hospital with { Name = "Other" }), Now));
        var corrected = After(imported, ProviderRules.Register(imported, new(Operator, Hospital with { Name = "Right" }), Now));
        Assert.Equal("Right", corrected.Profile!.Name);
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, ProviderRules.Register(corrected, new(Operator, Hospital), Now));
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, ProviderRules.Register(corrected, new(Importer, Hospital), Now));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void AProvidersName_HasOneTo200Characters(int length, bool taken) => Assert.Equal(
        taken ? null : "name", ProviderRules.Register(ProviderState.Initial, new(Operator, Hospital with { Name = new string('x', length) }), Now).Refusal?.Place);

    [Fact, Trait("Feature", "2")]
    public void MembersComeAndGo_EachOnce()
    {
        var itself = new Asker(CityHospital, PurposeOfUse.HOPERAT);
        var joined = After(Registered, ProviderRules.ChangeMembership(Registered, new(itself, Lee, true), Now));
        Assert.Equal([Lee], joined.View().Members);
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, ProviderRules.ChangeMembership(joined, new(Operator, Lee, true), Now));
        var left = After(joined, ProviderRules.ChangeMembership(joined, new(Operator, Lee, false), Now));
        Assert.Empty(left.View().Members);
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, ProviderRules.ChangeMembership(left, new(itself, Lee, false), Now));
    }

    [Fact]
    public void OnlyTheOrganisationOrAnOperator_ChangesItsMembers()
    {
        Asker[] strangers =
        [
            new(DrLee, PurposeOfUse.TREAT), Importer, new(CityHospital with { Id = Id(77) }, PurposeOfUse.HOPERAT),
            new(CityHospital with { Kind = ActorKind.Practitioner }, PurposeOfUse.HOPERAT), new(CityHospital with { Kind = ActorKind.App }, PurposeOfUse.HOPERAT),
        ];
        foreach (var asker in strangers)
            Assert.Equal(RefusalCode.NotFound, ProviderRules.ChangeMembership(Registered, new(asker, Lee, true), Now).Refusal?.Code);
    }

    [Fact]
    public void APractitioner_AndWhoIsNotRegistered_HaveNoMembers()
    {
        var practitioner = After(
            ProviderState.Initial, ProviderRules.Register(ProviderState.Initial, new(Operator, Hospital with { Kind = ProviderKind.Practitioner }), Now));
        Assert.Equal(RefusalCode.NotFound, ProviderRules.ChangeMembership(practitioner, new(Operator, Lee, true), Now).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, ProviderRules.ChangeMembership(ProviderState.Initial, new(Operator, Lee, true), Now).Refusal?.Code);
    }

    [Fact, Trait("Feature", "2")]
    public void ACareTeam_IsItsOrganisations_OrAnOperators()
    {
        var (itself, other) = (new Asker(CityHospital, PurposeOfUse.HOPERAT), new Asker(CityHospital with { Id = Id(77) }, PurposeOfUse.HOPERAT));
        var draft = Hospital with { Id = new ProviderId(Id(4)), Kind = ProviderKind.CareTeam };
        Assert.Equal("kind", ProviderRules.Register(ProviderState.Initial, new(Importer, draft), Now).Refusal?.Place);
        Assert.Null(ProviderRules.Register(ProviderState.Initial, new(Operator, draft), Now).Refusal);
        var team = After(ProviderState.Initial, ProviderRules.Register(ProviderState.Initial, new(itself, draft), Now));

        Assert.Equal(RefusalCode.NotFound, ProviderRules.ChangeMembership(team, new(other, Lee, true), Now).Refusal?.Code);
        foreach (var asker in new[] { itself, Operator })
            Assert.Equal([Lee], After(team, ProviderRules.ChangeMembership(team, new(asker, Lee, true), Now)).View().Members);
        var practitioner = After(ProviderState.Initial, new ProviderRegistered(Now, draft with { Kind = ProviderKind.Practitioner }, CityHospital));
        Assert.Equal(RefusalCode.NotFound, ProviderRules.ChangeMembership(practitioner, new(itself, Lee, true), Now).Refusal?.Code);
    }

    [Fact, Trait("Feature", "2")]
    public void ARole_IsACode_AndAnotherRoleIsAChange()
    {
        var nurse = After(Registered, ProviderRules.ChangeMembership(Registered, new(Operator, Lee, true, "nurse"), Now));
        Assert.Equal("nurse", nurse.Members[Lee.Value]);
        Assert.Equal(Decided<ProviderEvent>.AlreadyDone, ProviderRules.ChangeMembership(nurse, new(Operator, Lee, true, "nurse"), Now));
        Assert.Null(After(nurse, ProviderRules.ChangeMembership(nurse, new(Operator, Lee, true), Now)).Members[Lee.Value]);

        Assert.Null(ProviderRules.ChangeMembership(nurse, new(Operator, Lee, true, new string('x', Limits.CodeLengthMax)), Now).Refusal);
        foreach (var role in new[] { "", " ", new string('x', Limits.CodeLengthMax + 1) })
            Assert.Equal("role", ProviderRules.ChangeMembership(nurse, new(Operator, Lee, true, role), Now).Refusal?.Place);
    }

    private static ProviderState After(ProviderState state, params ProviderEvent[] events) => events.Aggregate(state, (before, happened) => before.After(happened));

    private static ProviderState After(ProviderState state, Decided<ProviderEvent> decided) => state.After(Assert.Single(decided.Events));
}
