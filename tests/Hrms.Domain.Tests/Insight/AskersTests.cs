using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Insight;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Insight;

/// <summary>Whom a patient's questions "who can see" and "what would change" are about, and how each of them would ask.</summary>
[Trait("Feature", "26")]
public sealed class AskersTests
{
    private static readonly ProviderId Team = new(Id(4)), Hospital = new(CityHospital.Id);
    private static readonly Membership[] AtHospital = [new(Hospital, "nurse")];

    [Fact]
    public void EverybodyWhomAConsentInForceOrToComeNames_IsMeant_AndFirstAnyoneWhomNothingNames()
    {
        var revoked = Permit(Actor.Practitioner(new ProviderId(Id(8)))).Except().AsConsent(8) with { RevokedAt = Now };
        var book = Book(
            Permit(DrLee).Except(Deny(DrKim), Deny(DrLee, Labelled("HIV"))), Permit(CityHospital).Valid(Now.AddDays(1), null), Permit(Actor.CareTeam(Team)).Valid(null, Now.AddTicks(1)),
            Permit(Actor.App("diary")).Valid(null, Now)).With(revoked) with
        {
            BrokenGlasses = [Glass(Id(6), Now.AddTicks(1)), Glass(Id(7), Now)],
        };

        var named = Askers.NamedBy(book, Now);

        Assert.Equal(Actor.Anyone, named[0]);
        Assert.Equal(
            new[] { Actor.Anyone, DrLee, DrKim, CityHospital, Actor.CareTeam(Team), Actor.Practitioner(new ProviderId(Id(6))) }.ToHashSet(), named.ToHashSet());
        Assert.Equal(6, named.Count);
    }

    [Fact]
    public void Purposes_AreHl7s_AndThoseThatAProvisionInForceNames()
    {
        var revoked = Permit(DrLee, @for: [FooBaz]).Except().AsConsent(8) with { RevokedAt = Now };
        Assert.Equal(PurposeOfUse.OfHl7, Askers.Purposes(Book(Permit(DrLee)).With(revoked)));
        Assert.Equal([.. PurposeOfUse.OfHl7, FooBar], Askers.Purposes(Book(Permit(DrLee)), Book(Permit(DrLee).Except(Deny(DrLee, @for: [FooBar])))));
        Assert.Equal([.. PurposeOfUse.OfHl7, FooBar], Askers.Purposes(Book(Permit(DrLee, @for: [FooBar, PurposeOfUse.TREAT]))));
    }

    [Fact]
    public void EachKindOfGrantee_AsksInItsOwnWay()
    {
        var (patient, device, app, somebody) = (Actor.Patient(new PatientId(Id(9))), Actor.Device(new DeviceId(Id(9))), Actor.App("diary"), Actor.Practitioner(default));
        (Actor Grantee, Actor Asks, Membership[] As, string? Through, bool OnBehalf)[] ways =
        [
            (DrLee, DrLee, AtHospital, null, false), (patient, patient, AtHospital, null, false), (device, device, AtHospital, null, false),
            (CityHospital, CityHospital, [new Membership(Hospital)], null, false), (Actor.CareTeam(Team), somebody, [new Membership(Team)], null, false),
            (Actor.RoleWithin(Hospital, "nurse"), somebody, [new Membership(Hospital, "nurse")], null, false), (app, somebody, [], "diary", false),
            (Actor.Delegate(new PatientId(Id(9))), patient, [], null, true), (Actor.Anyone, somebody, [], null, false),
        ];
        foreach (var (grantee, asks, memberships, through, onBehalf) in ways)
        {
            var ask = Askers.As(grantee, AtHospital, PurposeOfUse.HRESCH, AccessAction.Export, Now);
            Assert.Equal((asks, through, onBehalf, PurposeOfUse.HRESCH, AccessAction.Export, Now), (ask.Actor, ask.ClientId, ask.OnBehalf, ask.Purpose, ask.Action, ask.Now));
            Assert.Equal(memberships, ask.Memberships);
        }
    }

    [Fact]
    public void AQuestionThatIsToBeExplained_IsThePartysOwn_OrThatOfWhoeverBelongsToAGroup()
    {
        ExplainAccess Question(Actor who) =>
            new(new Asker(Actor.Patient(new PatientId(Id(100))), PurposeOfUse.PATRQT), who, PurposeOfUse.TREAT, AccessAction.View, new RecordId(Id(500)), ClientId: "diary", OnBehalf: true);

        foreach (var party in new[] { DrLee, CityHospital, Actor.Patient(new PatientId(Id(9))), Actor.Device(new DeviceId(Id(9))) })
        {
            var own = Askers.Of(Question(party), AtHospital, Now);
            Assert.Equal((party, "diary", true, Now), (own.Actor, own.ClientId, own.OnBehalf, own.Now));
            Assert.Equal(AtHospital, own.Memberships);
        }
        var group = Askers.Of(Question(Actor.CareTeam(Team)), AtHospital, Now);
        Assert.Equal((Actor.Practitioner(default), null, false), (group.Actor, group.ClientId, group.OnBehalf));
        Assert.Equal([new Membership(Team)], group.Memberships);
    }

    private static BrokenGlass Glass(Guid by, DateTimeOffset until) =>
        new(new BreakGlassId(by), Actor.Practitioner(new ProviderId(by)), "unconscious", DataFilter.All, Now.AddHours(-1), until, 1);
}
