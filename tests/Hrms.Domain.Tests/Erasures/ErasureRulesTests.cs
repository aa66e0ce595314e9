using Hrms.Contracts;
using Hrms.Domain.Erasures;
using Hrms.Domain.Patients;
using Hrms.Domain.Proofs;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.Erasures;

/// <summary>What happens before a record can't be read any more: who may want it, what ends, and who is told.</summary>
[Trait("Feature", "62")]
public sealed class ErasureRulesTests
{
    private static readonly EraseRecord Wanted = new(new CommandId(Id(600)), AnaAsks, ImpactAcknowledged: true);
    private static readonly Actor Team = Actor.CareTeam(new ProviderId(Id(4)));
    private static readonly ProviderId Ward3 = new(Id(5));

    private static readonly PatientState Shared = Registered.After(
        [
            Grant(1, Permit(DrLee)), Grant(2, Permit(CityHospital)), Grant(3, Permit(Team)), Grant(4, Permit(DrKim)),
            new ConsentRevoked(Now, Consent(4), 2, Nullifier.Of([4])),
        ],
        2);

    [Fact]
    public void ThePatientInPerson_Warned_HasTheRecordErased_AndNobodyElse()
    {
        var guardian = WithDelegate(DelegateLevel.Full);

        Assert.Null(ErasureRules.Check(Registered, Wanted, Now));
        Assert.Equal(RefusalCode.ImpactNotAcknowledged, ErasureRules.Check(Registered, Wanted with { ImpactAcknowledged = false }, Now)?.Code);
        Assert.Equal(RefusalCode.Forbidden, ErasureRules.Check(guardian, Wanted with { Asker = Ben }, Now)?.Code);
        Assert.Equal(RefusalCode.NotFound, ErasureRules.Check(Registered, Wanted with { Asker = Ben }, Now)?.Code);
        Assert.Equal(RefusalCode.NotFound, ErasureRules.Check(PatientState.Initial(Ana), Wanted, Now)?.Code);
    }

    /// <summary>Whoever holds a consent's paper finds on the ledger that it ended.</summary>
    [Fact]
    public void EveryConsentInForce_Ends_AsIfThePatientHadRevokedIt()
    {
        var last = ErasureRules.LastEvents(Shared, Now.AddHours(1)).Cast<ConsentRevoked>().ToList();

        Assert.Equal(new[] { Consent(1), Consent(2), Consent(3) }.ToHashSet(), last.Select(ended => ended.Consent).ToHashSet());
        Assert.All(last, ended => Assert.Equal((Now.AddHours(1), 2, AnaAsks.Actor), (ended.At, ended.Version, ended.By)));
        Assert.Equal(Nullifier.Of([1]), last.Single(ended => ended.Consent == Consent(1)).Nullifier);
        Assert.Empty(ErasureRules.LastEvents(Shared.After(last, 100), Now));
    }

    [Fact]
    public void EveryProviderWhoseListKnowsThePatient_IsTold_AndNobodyTwice()
    {
        var twice = Shared.After([Grant(5, Permit(DrLee, Only(DataClass.Laboratory))), new DataDisclosed(Now, Consent(5), DrLee)], 100);

        Assert.Equal(new[] { DrLee.Id, DrKim.Id, CityHospital.Id }.ToHashSet(), ErasureRules.Providers(twice, Now).Keys.ToHashSet());
        Assert.Empty(ErasureRules.Providers(Registered, Now));
    }

    /// <summary>What somebody received under a team's consent is theirs to purge, though the consent names them nowhere.</summary>
    [Fact, Trait("Feature", "20")]
    public void WhoHoldsData_HasToPurgeThem_ByWhatTheConsentSays_OrInThirtyDays()
    {
        var keep = Now.AddDays(2);
        var state = Registered.After(
            [
                Grant(1, Permit(Team)), Grant(2, Permit(DrKim), keep), new DataDisclosed(Now, Consent(1), DrLee), new DataDisclosed(Now, Consent(2), DrKim),
                new DataDisclosed(Now, Consent(1), CityHospital), new PurgeAcknowledged(Now, Consent(1), CityHospital), new DataDisclosed(Now, Consent(1), Ben.Actor),
            ],
            2);

        var told = ErasureRules.Providers(state, Now.AddDays(1));

        Assert.Equal(new[] { DrLee.Id, DrKim.Id }.ToHashSet(), told.Keys.ToHashSet());
        Assert.Equal(new PurgeDuty(Ana, Consent(1), Now.AddDays(1) + Limits.PurgeGrace, Now), Assert.Single(told[DrLee.Id]));
        Assert.Equal(new PurgeDuty(Ana, Consent(2), keep, Now), Assert.Single(told[DrKim.Id]));
    }

    [Fact, Trait("Feature", "33")]
    public void QueuesInWhichBrokenGlassWaits_AreTold()
    {
        var owned = Registered.After([new GlassBroken(Now, new BreakGlassId(Id(208)), DrLee, "r", DataFilter.All, Now.AddMinutes(5), [Ward3])], 2);
        var unowned = Registered.After([new GlassBroken(Now, new BreakGlassId(Id(208)), DrLee, "r", DataFilter.All, Now.AddMinutes(5))], 2);

        Assert.Equal(new[] { Ward3.Value, GlassReviewers.Operators.Value }.ToHashSet(), ErasureRules.Providers(owned, Now).Keys.ToHashSet());
        Assert.Equal([GlassReviewers.Operators.Value], ErasureRules.Providers(unowned, Now).Keys);
        Assert.All(ErasureRules.Providers(owned, Now).Values, Assert.Empty);
    }

    [Fact, Trait("Feature", "28")]
    public void Persons_WhoActForEachOther_AreTold_AndLetGoOfEachOther()
    {
        var mother = new PatientId(Id(103));
        var state = WithDelegate(DelegateLevel.Full).After(
            [
                new ActingBegan(Now, new Ward(mother, new DelegationId(Id(300)), DelegateRole.Guardian, DelegateLevel.Full, Now, null)),
                new ActingBegan(Now, new Ward(BenId, new DelegationId(Id(301)), DelegateRole.Guardian, DelegateLevel.Full, Now, null)),
            ],
            3);

        Assert.Equal(new[] { BenId, mother }.ToHashSet(), ErasureRules.Persons(state).ToHashSet());
        Assert.Equal(2, ErasureRules.Persons(state).Count);

        Assert.Equal(
            [new ActingEnded(Now, new DelegationId(Id(301))), new DelegationEnded(Now, new DelegationId(Id(206)), Ben.Actor)], ErasureRules.Without(state, BenId, Now));
        Assert.Equal([new ActingEnded(Now, new DelegationId(Id(300)))], ErasureRules.Without(state, mother, Now));
        Assert.Empty(ErasureRules.Without(state.After(ErasureRules.Without(state, BenId, Now), 10), BenId, Now));
    }

    private static ConsentId Consent(int number) => new(Id(1_000 + number));

    private static ConsentGranted Grant(int number, Provision rule, DateTimeOffset? keepUntil = null) =>
        new(Now, Consent(number), rule.Except() with { KeepUntil = keepUntil }, [(byte)number]);
}
