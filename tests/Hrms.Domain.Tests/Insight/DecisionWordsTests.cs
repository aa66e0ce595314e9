using Hrms.Contracts;
using Hrms.Domain.Insight;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Insight;

/// <summary>What a patient reads: each decision and each provision as a sentence. An app puts names in the place of ids.</summary>
[Trait("Feature", "26")]
public sealed class DecisionWordsTests
{
    private static readonly ConsentId Given = new(Id(1));
    private static readonly ConsentTerms Terms = Permit(Actor.Anyone, Only(DataClass.Allergies), [PurposeOfUse.TREAT]).Except(Deny(DrKim), Deny(CityHospital, to: [AccessAction.Export])) with
    {
        Validity = new Period(null, Now),
    };

    private static readonly RecordId Visit = new(Id(2));

    [Fact]
    public void ADecision_IsSaidWithTheConsentThatDecided()
    {
        (string Sentence, Decision Decision, ConsentTerms? Terms)[] sentences =
        [
            ("It is the patient's own record.", new(true, DecisionReason.Self), null),
            ($"The rule of the consent {Given}, version 3, decides: it permits anyone anything with Allergies for TREAT.", new(true, DecisionReason.Permitted, Given, 3), Terms),
            ($"Exception 1 of the consent {Given}, version 3, decides: it denies the practitioner {DrKim.Id} anything with all data for any purpose.",
                new(false, DecisionReason.Denied, Given, 3, 0), Terms),
            ($"Exception 2 of the consent {Given}, version 3, decides: it denies the organisation {CityHospital.Id} Export with all data for any purpose.",
                new(false, DecisionReason.Denied, Given, 3, 1), Terms),
            ($"The patient appointed this person as a delegate ({Given}).", new(true, DecisionReason.Delegated, Given), null),
            ("No consent is about it, and the patient's default permits it.", new(true, DecisionReason.DefaultPolicy), null),
            ("No consent is about it, and the patient's default denies it.", new(false, DecisionReason.NoConsent), null),
            ($"The glass was broken in an emergency ({Given}): until 2026-03-01 12:00 UTC it permits anyone anything with Allergies for TREAT.", new(true, DecisionReason.BreakGlass, Given), Terms),
            ("The patient has closed the whole record.", new(false, DecisionReason.OptedOut), null),
            ($"The consent {Given}, version 3, would permit it but was used as often as it allows.", new(false, DecisionReason.FrequencyExceeded, Given, 3), Terms),
            ("The asker still holds data that was to be purged.", new(false, DecisionReason.PurgeOverdue), null),
            ("The ledger holds more than the hospital's database, so the record is closed to everybody but the patient until the two agree.", new(false, DecisionReason.LedgerAhead), null),
            ("It would be permitted, but what the app was allowed does not reach it.", new(false, DecisionReason.OutOfScope), null),
            ("The asker's token was ended before.", new(false, DecisionReason.TokenEnded), null),
            ("There is no such record.", new(false, DecisionReason.NoSuchRecord), null),
            ("It is permitted.", new(true, DecisionReason.Permitted, Given, 3), null),
            ("It is not permitted.", new(false, DecisionReason.Denied, Given, 3, 0), null),
            ("It is permitted.", new(true, DecisionReason.BreakGlass, Given), Terms with { Validity = Period.Always }),
        ];
        Assert.All(sentences, expected => Assert.Equal(expected.Sentence, DecisionWords.Of(expected.Decision, expected.Terms)));
    }

    [Fact]
    public void AProvision_SaysWho_MayDoWhat_WithWhichData_ForWhat()
    {
        Assert.Equal(
            $"permits the practitioner {DrLee.Id} View, Query with Laboratory, Genomics for TREAT, ETREAT",
            DecisionWords.Of(Permit(DrLee, Only(DataClass.Laboratory, DataClass.Genomics), [PurposeOfUse.TREAT, PurposeOfUse.ETREAT], [AccessAction.View, AccessAction.Query])));
        Assert.Equal("denies anyone anything with all data for any purpose", DecisionWords.Of(Deny(Actor.Anyone)));
    }

    [Fact]
    public void EveryKindOfGrantee_HasItsWords()
    {
        (string Words, Actor Grantee)[] grantees =
        [
            ("anyone", Actor.Anyone), ($"the organisation {Id(3)}", CityHospital), ($"the care team {Id(4)}", Actor.CareTeam(new ProviderId(Id(4)))),
            ($"everybody with the role nurse in {Id(3)}", Actor.RoleWithin(new ProviderId(Id(3)), "nurse")), ("whoever uses the app diary", Actor.App("diary")),
            ($"the delegate {Id(5)}", Actor.Delegate(new PatientId(Id(5)))), ($"the practitioner {Id(1)}", DrLee), ($"the patient {Id(5)}", Actor.Patient(new PatientId(Id(5)))),
        ];
        Assert.All(grantees, expected => Assert.Equal(expected.Words, DecisionWords.Of(expected.Grantee)));
    }

    [Fact]
    public void EveryPartOfADataFilter_HasItsWords()
    {
        (string Words, DataFilter Data)[] filters =
        [
            ("all data", DataFilter.All), ("1 single record(s)", OnlyRecord(Visit)), ("Laboratory, and 1 single record(s)", Only(DataClass.Laboratory) with { Records = [Visit] }),
            ($"what {DrLee.Id} wrote", WrittenBy(new ProviderId(DrLee.Id))), ($"what belongs to {Visit}", During(Visit)), ("what is labelled HIV, PSY", Labelled("HIV", "PSY")),
            ("confidentiality R, V", DataFilter.All with { Confidentialities = [Confidentiality.R, Confidentiality.V] }),
            ("samples by Hour, Day", DataFilter.All with { Resolutions = [SampleResolution.Hour, SampleResolution.Day] }),
            ("all data", DataFilter.All with { Confidentialities = [], Resolutions = [] }),
            ("dates from 2026-03-01 12:00 UTC on", Dated(Now.ToOffset(TimeSpan.FromHours(2)), null)),
            ("dates before 2026-03-01 12:00 UTC", Dated(null, Now)),
            ("dates from 2026-03-01 12:00 UTC before 2026-03-02 12:00 UTC", Dated(Now, Now.AddDays(1))),
            ("Laboratory and what is labelled HIV", Only(DataClass.Laboratory) with { Labels = ["HIV"] }),
        ];
        Assert.All(filters, expected => Assert.Equal(expected.Words, DecisionWords.Of(expected.Data)));
    }
}
