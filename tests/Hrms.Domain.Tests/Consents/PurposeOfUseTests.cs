using System.Text.Json;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Insight;
using Hrms.Domain.Patients;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Consents;

/// <summary>Purposes of use: HL7's, and those of code systems of anybody's own.</summary>
[Trait("Feature", "3")]
public sealed class PurposeOfUseTests
{
    private const string SystemOfOurs = "http://example.org/policies/purposeOfUse";

    private static readonly Serializer Wire = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(IPatientGrain).Assembly)).BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void AConsentForAPurposeOfAnotherSystem_IsForThatPurposeAlone()
    {
        var book = Book(Permit(CityHospital, @for: [FooBar]));
        Assert.True(book.Permits(DrLee.Asks(FooBar, memberOf: CityHospital.Id), Datum()));
        Assert.False(book.Permits(DrLee.Asks(FooBar), Datum()));
        foreach (var other in PurposeOfUse.OfHl7.Append(FooBaz).Append(PurposeOfUse.Find("urn:other:system", FooBar.Code)!))
            Assert.False(book.Permits(DrLee.Asks(other, memberOf: CityHospital.Id), Datum()));
    }

    [Fact]
    public void ADenialForAPurposeOfAnotherSystem_BeatsAPermitForAnyPurpose()
    {
        var book = Book(Permit(DrLee), Deny(DrLee, @for: [PurposeOfUse.HRESCH, FooBar]));
        Assert.False(book.Permits(DrLee.Asks(FooBar), Datum()));
        Assert.False(book.Permits(DrLee.Asks(PurposeOfUse.HRESCH), Datum()));
        Assert.True(book.Permits(DrLee.Asks(FooBaz), Datum()));
        Assert.True(book.Permits(DrLee.Asks(PurposeOfUse.TREAT), Datum()));
    }

    [Fact, Trait("Feature", "13")]
    public void ADefaultForTreatment_IsNotForAPurposeOfAnotherSystem()
    {
        foreach (var policy in new[] { DefaultPolicy.PermitTreatment, DefaultPolicy.PermitEmergency, DefaultPolicy.Deny })
            Assert.False((ConsentBook.Empty with { Default = policy }).Permits(DrLee.Asks(PurposeOfUse.Find(SystemOfOurs, "TREAT")!), Datum()));
    }

    [Fact, Trait("Feature", "16")]
    public void ANarrowing_MayNameSomeOfThePurposes_AndNoOther()
    {
        var asked = Permit(DrLee, @for: [PurposeOfUse.TREAT, FooBar]).Except();
        Assert.True(TermsSubset.Holds(Permit(DrLee, @for: [FooBar]).Except(), asked));
        Assert.False(TermsSubset.Holds(Permit(DrLee, @for: [FooBaz]).Except(), asked));
        Assert.False(TermsSubset.Holds(Permit(DrLee).Except(), asked));
    }

    [Fact, Trait("Feature", "26")]
    public void WhoCanSee_NamesThePurposesThatConsentsName()
    {
        var lab = new RecordId(Id(500));
        var stored = new StoredRecord(lab, 1, "Observation", DataClass.Laboratory, [], Now, [], null, [], RecordSource.Patient, DrLee, null, "hash", "digest", new CommandId(Id(7)));
        var state = PatientState.Initial(new PatientId(Id(100))).After(
            [
                new PatientRegistered(Now, new PatientId(Id(100)), DrLee), new RecordAdded(Now, stored),
                new ConsentGranted(Now, new ConsentId(Id(1)), Permit(DrLee, @for: [FooBar]).Except(), [1]),
            ], 1);
        var seeing = Explaining.WhoCanSee(state, lab, new Dictionary<Actor, IReadOnlyCollection<Membership>>(), Now).Where(viewer => viewer.Explanation.Decision.Permitted);
        Assert.Equal((DrLee, FooBar), (Assert.Single(seeing).Grantee, Assert.Single(seeing.Single().Purposes)));

        var without = state.Consents.With(state.Consents.Find(new ConsentId(Id(1)))! with { RevokedAt = Now });
        var lost = Assert.Single(Previewing.Visibility(state, without, new ConsentId(Id(1)), new Dictionary<Actor, IReadOnlyCollection<Membership>>(), Now));
        Assert.Equal((DrLee, false, FooBar), (lost.Grantee, lost.Gains, Assert.Single(lost.Purposes)));
    }

    [Fact]
    public void Hl7sCodes_AreKnownByTheirShortName_AndByTheirSystem()
    {
        Assert.Equal(Enumerable.Range(1, 12), PurposeOfUse.OfHl7.Select(purpose => purpose.Number));
        foreach (var purpose in PurposeOfUse.OfHl7)
        {
            Assert.Same(purpose, Parsed(purpose.ToString()));
            Assert.Same(purpose, Parsed($"{PurposeOfUse.ActReason}|{purpose.Code}"));
            Assert.Equal(purpose.Code, purpose.ToString());
        }
        Assert.Equal($"{SystemOfOurs}|FooBar", FooBar.ToString());
        Assert.Equal(FooBar, Parsed(FooBar.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("treat")]
    [InlineData("1")]
    [InlineData("TREAT,HRESCH")]
    [InlineData("TREAT ")]
    [InlineData("FooBar")]
    [InlineData("|FooBar")]
    [InlineData("example|FooBar")]
    [InlineData("http://example.org|")]
    [InlineData("http://example.org| FooBar")]
    [InlineData("http://example.org|Foo  Bar")]
    [InlineData("http://example.org|Foo\u200bBar")]
    [InlineData("http://example.org|FooBar\n")]
    [InlineData("http://example.org/a b|FooBar")]
    [InlineData("http://example.org/|1.0|FooBar")]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-ActReason|FOOBAR")]
    [InlineData("http://terminology.hl7.org/ValueSet/v3-PurposeOfUse|TREAT")]
    [InlineData("HTTP://terminology.hl7.org/CodeSystem/v3-ActReason|TREAT")]
    [InlineData("urn:oid:2.16.840.1.113883.5.8|TREAT")]
    [InlineData("http://hl7.org/fhir/v3/ActReason|TREAT")]
    public void WhatNobodyCouldCompare_IsNoPurpose(string text) => Assert.False(PurposeOfUse.TryParse(text, out _));

    [Theory]
    [InlineData("urn:oid:2.16.840.1.113883.3.18.7.1|TREATMENT")]
    [InlineData("http://example.org|clinical trial 7")]
    [InlineData("urn:x|é")]
    public void ACodeOfAnybodysOwnSystem_IsAPurpose(string text) => Assert.Equal(text, Parsed(text)?.ToString());

    [Fact]
    public void SystemAndCode_HaveALength_AndAreText()
    {
        string longest = "urn:" + new string('x', Limits.CodeLengthMax - 4), code = new('x', Limits.CodeLengthMax);
        Assert.NotNull(PurposeOfUse.Find(longest, code));
        Assert.Null(PurposeOfUse.Find(longest + "x", code));
        Assert.Null(PurposeOfUse.Find(longest, code + "x"));
        Assert.Null(PurposeOfUse.Find(null, code));
        Assert.Null(PurposeOfUse.Find(longest, null));
        Assert.Null(PurposeOfUse.Find(longest, "half a character: \ud800"));
    }

    [Fact]
    public void EveryPurpose_ComesThroughTheWireAndThroughStorage_AlsoBesideOthers()
    {
        var lists = PurposeOfUse.OfHl7.Append(FooBar).Select(purpose => new[] { purpose }).Append([FooBar, PurposeOfUse.TREAT, FooBaz, FooBar]);
        foreach (var purposes in lists)
        {
            var terms = Permit(DrLee, @for: purposes).Except(Deny(DrKim, Labelled("HIV"), @for: purposes));
            Assert.True(SameTerms.Equal(terms, Wire.Deserialize<ConsentTerms>(Wire.SerializeToArray(terms))!));
            Assert.Equal(purposes, EventJson.Read<ConsentTerms>(EventJson.Write(terms)).Rule.Purposes);
            var query = new AccessHistoryQuery(new Asker(DrLee, purposes[0], DrKim, "app", "id"), null, null, null, purposes[0], null, 1, "after");
            Assert.Equal(query, Wire.Deserialize<AccessHistoryQuery>(Wire.SerializeToArray(query)));
            Assert.Null(Wire.Deserialize<AccessHistoryQuery>(Wire.SerializeToArray(query with { Purpose = null }))!.Purpose);
        }
    }

    [Fact]
    public void StoredTextThatIsNoPurpose_IsNotReadAsAnyPurpose()
    {
        var text = System.Text.Encoding.UTF8.GetString(EventJson.Write(Permit(DrLee, @for: [PurposeOfUse.TREAT]).Except()));
        foreach (var bad in new[] { "\"\"", "\"FooBar\"", "null", "7" })
            Assert.Throws<JsonException>(() => EventJson.Read<ConsentTerms>(System.Text.Encoding.UTF8.GetBytes(text.Replace("\"TREAT\"", bad))));
    }

    private static PurposeOfUse? Parsed(string text) => PurposeOfUse.TryParse(text, out var purpose) ? purpose : null;
}
