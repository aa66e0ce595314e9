using Hrms.Contracts;
using Hrms.Domain.Disclosures;
using Hrms.Domain.Patients;
using Hrms.Domain.Records;
using Hrms.Domain.Tests.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Disclosures;

/// <summary>Which lines of the history are disclosures, and which of these the law asks for (45 CFR 164.528(a)(1)).</summary>
[Trait("Feature", "48")]
public sealed class AccountingTests
{
    private static readonly PatientId Ana = PatientGens.Ana;
    private static readonly Decision Yes = new(true, DecisionReason.Permitted);
    private static readonly AccessLine Look = new(5, Now, new Asker(DrLee, PurposeOfUse.HRESCH), AccessAction.View, "record", Yes, [new AccessedRecord(new RecordId(Id(1)), 1, Yes)], 4);

    [Fact]
    public void Data_ThatLeftToSomebodyElse_IsADisclosure_AndNothingElseIs()
    {
        var (patient, ward) = (Actor.Patient(Ana), Actor.Patient(new PatientId(Id(8))));
        Assert.All(
            new[] { Look, Look with { Records = [], Operation = "samples" }, Look with { Asker = new Asker(ward, PurposeOfUse.FAMRQT, patient) }, Look with { Asker = new Asker(patient, PurposeOfUse.FAMRQT, ward) } },
            line => Assert.True(DisclosureRules.IsDisclosure(line, Ana)));
        Assert.All(
            new[]
            {
                Look with { Decision = new Decision(false, DecisionReason.NoConsent) }, Look with { Records = [] }, Look with { Asker = new Asker(patient, PurposeOfUse.PATRQT) },
                Look with { Asker = new Asker(patient, PurposeOfUse.PATRQT, ClientId: "diary") }, AccessLine.Withheld(5, Now, 4),
            },
            line => Assert.False(DisclosureRules.IsDisclosure(line, Ana)));
    }

    [Fact]
    public void TreatmentPaymentAndOperations_AndWhoActsForThePatient_AreExempt_AndNothingInDoubtIs()
    {
        PurposeOfUse[] exempt = [PurposeOfUse.TREAT, PurposeOfUse.ETREAT, PurposeOfUse.BTG, PurposeOfUse.COC, PurposeOfUse.HPAYMT, PurposeOfUse.HOPERAT];
        foreach (var purpose in PurposeOfUse.OfHl7.Append(FooBar).Append(PurposeOfUse.Find("http://example.org/purposes", "TREAT")!))
            Assert.Equal(exempt.Contains(purpose), DisclosureRules.IsExempt(new Asker(DrLee, purpose)));
        Assert.True(DisclosureRules.IsExempt(new Asker(Actor.Patient(new PatientId(Id(8))), PurposeOfUse.FAMRQT, Actor.Patient(Ana))));
    }

    [Fact]
    public void WhatLeft_IsToldByItsKind_AndByWhom()
    {
        StoredRecord[] stored = [.. Enumerable.Range(1, 6).Select(i => PatientGens.Record(i, i))];
        var index = RecordIndex.Empty.With(stored.Select(record => new RecordVersion(record, record.Metadata(Now, 1))));
        var line = Look with { Records = [.. stored.Select(record => new AccessedRecord(record.Id, 1, Yes))] };
        var lee = new Recipient(DrLee, "Dr Lee", "urn:system", "1", null, ["City Hospital"]);

        var disclosure = Accounting.Of(line, index, new Dictionary<Actor, Recipient> { [DrLee] = lee });

        Assert.Equal((5L, Now, lee, PurposeOfUse.HRESCH, false), (disclosure.StreamVersion, disclosure.At, disclosure.Recipient, disclosure.Purpose, disclosure.IsExempt));
        Assert.Equal(
            stored.Select(record => (record.Class, record.ResourceType, record.Id.Value)).Order(),
            disclosure.Data.SelectMany(data => data.Records.Select(id => (data.Class, data.ResourceType, id.Value))).Order());
        Assert.Distinct(disclosure.Data.Select(data => (data.Class, data.ResourceType)));
        Assert.Equal(Recipient.Unnamed(DrKim).Actor, Accounting.Of(line with { Asker = new Asker(DrKim, PurposeOfUse.TREAT) }, index, new Dictionary<Actor, Recipient>()).Recipient.Actor);
        var samples = Assert.Single(Accounting.Of(Look with { Records = [], Operation = "samples" }, index, new Dictionary<Actor, Recipient>()).Data);
        Assert.Equal((DataClass.Wearables, 0), (samples.Class, samples.Records.Count));
    }
}
