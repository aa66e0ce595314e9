using System.Text;
using Hrms.Contracts;
using Orleans.Runtime.Placement;

namespace Hrms.Grains.Tests;

/// <summary>What one silo was told holds on the other.</summary>
public sealed class SeveralSilosTests(Cluster cluster)
{
    [Fact, Trait("Feature", "93")]
    public async Task PatientsWhoDecideThroughOneSilo_AreReadThroughTheOther_UntilTheyRevoke()
    {
        var silos = await cluster.One.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        Assert.Equal(Cluster.Silos, silos.Count);
        var drLee = Guid.NewGuid();

        // Each silo in turn is asked to host the patient, so that none is without one whatever its load.
        for (var i = 0; i < 12; i++)
        {
            var id = Guid.NewGuid();
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silos.Keys.ElementAt(i % silos.Count));
            var (here, there) = (cluster.One.GetGrain<IPatientGrain>(id), cluster.Two.GetGrain<IPatientGrain>(id));
            var self = new Asker(Actor.Patient(new PatientId(id)), PurposeOfUse.PATRQT);
            var registrar = new Asker(new Actor(ActorKind.Operator, Guid.NewGuid()), PurposeOfUse.HOPERAT);
            Assert.True((await here.RegisterAsync(new RegisterPatient(SiloFixture.Command(), registrar))).Succeeded);
            Assert.True((await there.AddRecordsAsync(new AddRecords(SiloFixture.Command(), self, RecordSource.Patient, [Lab()]))).Succeeded);

            Assert.Empty(await SeenAsync(there));
            var granted = await here.GrantAsync(new GrantConsent(SiloFixture.Command(), self, SiloFixture.Labs(drLee)));
            Assert.Equal("{}", Encoding.UTF8.GetString(Assert.Single(await SeenAsync(there)).Content.Span));
            Assert.True((await there.RevokeAsync(new RevokeConsent(SiloFixture.Command(), self, granted.Value!.Id))).Succeeded);
            Assert.Empty(await SeenAsync(here));
        }

        var patients = (await cluster.One.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics())
            .Where(grain => grain.GrainType.Contains("PatientGrain", StringComparison.Ordinal)).CountBy(grain => grain.SiloAddress).ToDictionary();
        Assert.True(patients.Count == Cluster.Silos, $"A silo hosts no patient: {string.Join(", ", patients)}");

        async Task<IReadOnlyList<RecordView>> SeenAsync(IPatientGrain patient)
        {
            var found = await patient.SearchAsync(new RecordSearch(
                new Asker(new Actor(ActorKind.Practitioner, drLee), PurposeOfUse.TREAT), [], null, null, null, null, 10, null, true));
            Assert.True(found.Succeeded);
            return found.Value.Records;
        }
    }

    [Fact, Trait("Feature", "108")]
    public async Task EachSilo_IsAskedAboutItself()
    {
        foreach (var silo in (await cluster.One.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Keys)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            Assert.NotNull(await cluster.Two.GetGrain<ISiloGrain>(silo.ToParsableString()).ReportAsync());
        }
        RequestContext.Clear();
        Assert.Null(await cluster.One.GetGrain<ISiloGrain>("127.0.0.1:1@1").ReportAsync());
    }

    [Fact]
    [Trait("Fault", "F16")]
    public async Task AHundredDuplicatesThroughAllSilos_AreOneConsent_AndHaveOneAnswer()
    {
        var id = Guid.NewGuid();
        var self = new Asker(Actor.Patient(new PatientId(id)), PurposeOfUse.PATRQT);
        var registrar = new Asker(new Actor(ActorKind.Operator, Guid.NewGuid()), PurposeOfUse.HOPERAT);
        Assert.True((await cluster.One.GetGrain<IPatientGrain>(id).RegisterAsync(new RegisterPatient(SiloFixture.Command(), registrar))).Succeeded);
        var grant = new GrantConsent(SiloFixture.Command(), self, SiloFixture.Labs(Guid.NewGuid()));

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => cluster.Through(i % Cluster.Silos).GetGrain<IPatientGrain>(id).GrantAsync(grant)));

        Assert.All(answers, answer => Assert.True(answer.Succeeded));
        var told = Assert.Single(answers.Select(answer => (answer.Value!.Id, answer.Value.Version, answer.Value.StreamVersion, answer.Value.GrantedAt)).Distinct());
        var held = Assert.Single((await cluster.Two.GetGrain<IPatientGrain>(id).ConsentsAsync(self)).Value!);
        Assert.Equal(told, (held.Id, held.Version, held.StreamVersion, held.GrantedAt));
    }

    [Fact]
    public async Task TokensEndedThroughOneSilo_AreRefusedThroughEveryOther_AtThePatientsGrainAndAtTheirWards()
    {
        var (id, ward) = (Guid.NewGuid(), Guid.NewGuid());
        var registrar = new Asker(new Actor(ActorKind.Operator, Guid.NewGuid()), PurposeOfUse.HOPERAT);
        var old = new Asker(Actor.Patient(new PatientId(id)), PurposeOfUse.PATRQT) { Token = new TokenFacts(0, null, null) };
        var asGuardian = old with { OnBehalfOf = Actor.Patient(new PatientId(ward)) };
        Assert.True((await cluster.One.GetGrain<IPatientGrain>(id).RegisterAsync(new RegisterPatient(SiloFixture.Command(), registrar))).Succeeded);
        Assert.True((await cluster.One.GetGrain<IPatientGrain>(ward).RegisterAsync(new RegisterPatient(
            SiloFixture.Command(), registrar, new GuardianDraft(new PatientId(id), TimeProvider.System.GetUtcNow().AddYears(1))))).Succeeded);
        foreach (var silo in Enumerable.Range(0, Cluster.Silos).Select(cluster.Through))
            Assert.True((await ConsentsAsync(silo, id, old)).Succeeded && (await ConsentsAsync(silo, ward, asGuardian)).Succeeded);

        var command = new EndTokens(SiloFixture.Command(), registrar);
        var ended = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => cluster.Through(i % Cluster.Silos).GetGrain<IPatientGrain>(id).EndTokensAsync(command)));

        Assert.All(ended, answer => Assert.Equal(1, answer.Value!.Number));
        foreach (var silo in Enumerable.Range(0, Cluster.Silos).Select(cluster.Through))
        {
            Assert.Equal(RefusalCode.TokenEnded, (await ConsentsAsync(silo, id, old)).Refusal?.Code);
            Assert.Equal(RefusalCode.TokenEnded, (await ConsentsAsync(silo, ward, asGuardian)).Refusal?.Code);
            Assert.True((await ConsentsAsync(silo, id, old with { Token = new TokenFacts(1, null, null) })).Succeeded);
        }

        static Task<Outcome<IReadOnlyList<ConsentView>>> ConsentsAsync(IGrainFactory silo, Guid patient, Asker asker) => silo.GetGrain<IPatientGrain>(patient).ConsentsAsync(asker);
    }

    internal static RecordDraft Lab() => new(new RecordId(Guid.NewGuid()), "Observation", DataClass.Laboratory, [], null, [], null, [], null, "{}"u8.ToArray());
}
