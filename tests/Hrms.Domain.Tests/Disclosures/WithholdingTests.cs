using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Disclosures;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Disclosures;

/// <summary>What the patient is not told while an official body's statement holds: no more than the law wants, and nothing by another way.</summary>
[Trait("Feature", "48")]
public sealed class WithholdingTests
{
    private static readonly Actor Police = Actor.Organization(new ProviderId(Id(30))), Inspector = Actor.Practitioner(new ProviderId(Id(31))), Former = Actor.Practitioner(new ProviderId(Id(32)));
    private static readonly RecordId Lab = new(Id(500));
    private static readonly ConsentBook Consents = Book(Permit(Police), Permit(DrLee));
    private static readonly ConsentId GivenToPolice = new(Id(1000)), GivenToDrLee = new(Id(1001));
    private static readonly DisclosureSuspension Statement = new(
        new SuspensionId(Id(221)), Police, StatementForm.Written, "Inspector Roe", "File 7/2026", Now, Now, Now.AddDays(30), new Actor(ActorKind.Operator, Id(7)));

    private static readonly Withholding Suspended = new([Statement], [new ProviderId(Id(31))], Consents);

    [Fact]
    public void ALookOfTheBody_OfAMember_AndOfWhoCameByItsConsent_SaysNothingButWhenItWas()
    {
        foreach (var look in new[] { Look(Police), Look(Inspector), Look(Former, GivenToPolice), Look(Police) with { Records = [] } })
        {
            var shown = Suspended.Shown(look, 7);

            Assert.Equal((true, 7L, look.At), (shown.IsWithheld, shown.StreamVersion, shown.At));
            var text = System.Text.Json.JsonSerializer.Serialize(shown);
            foreach (var secret in new[] { look.Asker.Actor.Id, Lab.Value, GivenToPolice.Value })
                Assert.DoesNotContain($"{secret}", text, StringComparison.Ordinal);
        }
    }

    /// <summary>Treatment, payment and operations are not withheld by anybody's word, nor what was refused, nor others' looks.</summary>
    [Fact]
    public void EverythingElse_IsToldAsEver()
    {
        AccessHappened[] told =
        [
            Look(DrLee, GivenToDrLee), Look(Former, GivenToDrLee), Look(Inspector) with { Decision = new Decision(false, DecisionReason.NoConsent) },
            .. new[] { PurposeOfUse.TREAT, PurposeOfUse.ETREAT, PurposeOfUse.BTG, PurposeOfUse.COC, PurposeOfUse.HPAYMT, PurposeOfUse.HOPERAT }.Select(purpose => Look(Police, purpose: purpose)),
        ];

        Assert.All(told, look => Assert.Equal(look.Line(7), Suspended.Shown(look, 7)));
        Assert.All(new PatientEvent[] { new PatientRegistered(Now, new PatientId(Id(100)), Police), new DataDisclosed(Now, GivenToDrLee, DrLee) }, e => Assert.False(Suspended.Withholds(e)));
    }

    [Fact]
    public void TheStatementItself_AndWhoHoldsData_AreWithheldWithIt()
    {
        PatientEvent[] withheld =
        [
            new DisclosuresSuspended(Now, Statement), new DataDisclosed(Now, GivenToPolice, Former), new DataDisclosed(Now, GivenToDrLee, Inspector), new PurgeAcknowledged(Now, GivenToPolice, Police),
        ];

        Assert.All(withheld, e => Assert.True(Suspended.Withholds(e)));
        Assert.False(Suspended.Withholds(new DisclosuresSuspended(Now, Statement with { Id = new SuspensionId(Id(222)) })));
        Assert.True(Suspended.Withholds(GivenToPolice, Former));
        Assert.False(Suspended.Withholds(GivenToDrLee, DrLee));
    }

    [Fact]
    public void WithoutAStatement_NothingIsWithheld()
    {
        foreach (var none in new[] { Withholding.None, new Withholding([], [new ProviderId(Id(31))], Consents) })
        {
            Assert.False(none.Withholds(Look(Police)));
            Assert.False(none.Withholds(new DisclosuresSuspended(Now, Statement)));
            Assert.False(none.Withholds(GivenToPolice, Police));
        }
    }

    [Fact]
    public void ThePatient_IsToldAtTheTickAtWhichItEnds()
    {
        var state = PatientState.Initial(new PatientId(Id(100))).After([new DisclosuresSuspended(Now, Statement)], 1);

        Assert.Empty(Notices.Of(state, Statement.Until.AddTicks(-1), TimeSpan.FromHours(72)));
        var notice = Assert.Single(Notices.Of(state, Statement.Until, TimeSpan.FromHours(72)));
        Assert.Equal((NoticeKind.DisclosuresTold, Statement.Until, Statement.Id.Value), (notice.Kind, notice.At, notice.About));
    }

    private static AccessHappened Look(Actor who, ConsentId? by = null, PurposeOfUse? purpose = null)
    {
        var decision = new Decision(true, DecisionReason.Permitted, by, 1);
        return new AccessHappened(
            Now.AddDays(-3), new Asker(who, purpose ?? PurposeOfUse.HLEGAL, ClientId: "app", CorrelationId: "request"), AccessAction.View, "record", decision, [new AccessedRecord(Lab, 1, decision)], 4);
    }
}
