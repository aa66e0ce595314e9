using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hrms.Api.Fhir.Consents;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Fhir.Consents;

/// <summary>The example consents of IHE Privacy Consent on FHIR lead to what their authors say of them, and come back as they were.</summary>
public sealed partial class PcfExamplesTests
{
    private static readonly DateTimeOffset Now = new(2022, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly PatientId Patient = new(Id("Patient/ex-patient"));
    private static readonly Actor Practitioner = Actor.Practitioner(new ProviderId(Id("Practitioner/ex-practitioner"))), Other = Actor.Practitioner(new ProviderId(Id("Practitioner/other")));
    private static readonly PurposeOfUse FooBar = PurposeOfUse.Find("http://example.org/policies/purposeOfUse", "FooBar")!;
    private static readonly Datum Normal = Labelled("N"), Restricted = Labelled("R"), Psychiatric = Labelled("PSY"), Violence = Labelled("SDV"), Hiv = Labelled("HIV");

    /// <summary>Which file, who asks, for what datum, and whether it is permitted for treatment.</summary>
    private static readonly (string File, Actor Who, Datum What, bool Permitted)[] Cases =
    [
        ("basic-treat", Other, Normal, true), ("basic-treat", Other, Restricted, true), ("basic-treat", Actor.Device(new DeviceId(Id("d"))), Normal, false),
        ("advanced-normal-restricted", Other, Normal, true), ("advanced-normal-restricted", Other, Restricted, true), ("advanced-normal-restricted", Other, Labelled("V"), false),
        ("advanced-normal-not-restricted", Other, Normal, true), ("advanced-normal-not-restricted", Other, Restricted, false),
        ("advanced-normal-not-restricted", Practitioner, Hiv, false),
        ("advanced-normal-focused-restricted", Other, Normal, true), ("advanced-normal-focused-restricted", Other, Restricted, false),
        ("advanced-normal-focused-restricted", Practitioner, Normal, true), ("advanced-normal-focused-restricted", Practitioner, Restricted, true),
        ("advanced-normal-focused-psy", Other, Normal, true), ("advanced-normal-focused-psy", Other, Psychiatric, false),
        ("advanced-normal-focused-psy", Practitioner, Psychiatric, true), ("advanced-normal-focused-psy", Practitioner, Hiv, false),
        ("advanced-normal-focused-psy-or-sdv", Practitioner, Psychiatric, true), ("advanced-normal-focused-psy-or-sdv", Practitioner, Violence, true),
        ("advanced-normal-focused-psy-or-sdv", Other, Violence, false), ("advanced-normal-focused-psy-or-sdv", Practitioner, Normal, true),
        ("intermediate-authoredby", Other, Normal with { Authors = [new ProviderId(Practitioner.Id)] }, true), ("intermediate-authoredby", Other, Normal, false),
        ("intermediate-encounter", Other, Normal with { Encounter = Record("Encounter/ex-encounter") }, true), ("intermediate-encounter", Other, Normal, false),
        ("intermediate-not-encounter", Other, Normal with { Encounter = Record("Encounter/ex-encounter") }, false), ("intermediate-not-encounter", Other, Normal, true),
        ("intermediate-data", Other, Normal with { Id = Record("Observation/ex-weight") }, true), ("intermediate-data", Other, Normal, false),
        ("intermediate-not-data", Other, Normal with { Id = Record("Observation/ex-alcoholUse") }, false), ("intermediate-not-data", Other, Normal, true),
        ("intermediate-timeframe", Other, Dated(2022, 1, 1), true), ("intermediate-timeframe", Other, Dated(2022, 1, 1, -1), false),
        ("intermediate-timeframe", Other, Dated(2023, 1, 1, -1), true), ("intermediate-timeframe", Other, Dated(2023, 1, 1), false),
    ];

    public static TheoryData<string> ForTreatment => [.. Cases.Select(one => one.File).Distinct()];

    public static TheoryData<string> Held => [.. ForTreatment.Select(row => row.Data), "intermediate-purpose"];

    [Theory, MemberData(nameof(ForTreatment)), Trait("Feature", "6"), Trait("Feature", "7"), Trait("Feature", "8"), Trait("Feature", "9"), Trait("Feature", "11")]
    public void AnExample_LeadsToWhatItsDocumentationSays(string file)
    {
        var terms = Read(file, out _).Value!.Terms;
        Assert.Null(ConsentTermsRules.Check(terms, Now));
        var book = ConsentBook.Empty.With(new Consent(new ConsentId(Id(file)), 1, terms, Now, null, 1, []));
        foreach (var (_, who, what, permitted) in Cases.Where(one => one.File == file))
        {
            foreach (var purpose in new[] { PurposeOfUse.TREAT, PurposeOfUse.HPAYMT, PurposeOfUse.HOPERAT, PurposeOfUse.HRESCH })
            {
                var ask = new AccessRequest(who, [], purpose, AccessAction.View, Now);
                var decision = ReferenceEvaluator.Decide(book, ask, what);
                Assert.Equal(decision, book.Policy.For(ask).Decide(what));
                Assert.True((permitted && purpose != PurposeOfUse.HRESCH) == decision.Permitted, $"{who} for {purpose} of {what}");
            }
        }
    }

    [Theory, MemberData(nameof(Held))]
    public void AnExample_IsWrittenBackWithoutLoss(string file)
    {
        var draft = Read(file, out var original).Value!;
        var view = new ConsentView(new ConsentId(Id(file)), 1, ConsentStatus.Active, draft.Terms, Now, null, 1, draft.Paper);

        var written = ConsentWriter.Write(view, Patient.Value);

        Assert.True(written.Remove("id") && original.Remove("id"));
        Assert.True(JsonNode.DeepEquals(original, written), $"{original}\n{written}");
    }

    /// <summary>"Authorization be given only to a given Research organization for a given purpose of use": to nobody outside it, and for no other purpose.</summary>
    [Fact, Trait("Feature", "3")]
    public void TheExampleOfAPurpose_GivesToTheResearchers_ForTheirPurposeAlone()
    {
        var terms = Read("intermediate-purpose", out _).Value!.Terms;
        Assert.Null(ConsentTermsRules.Check(terms, Now));
        var book = ConsentBook.Empty.With(new Consent(new ConsentId(Id("purpose")), 1, terms, Now, null, 1, []));
        var researchers = new ProviderId(Id("Organization/ex-org-researcher"));
        foreach (var purpose in PurposeOfUse.OfHl7.Append(FooBar).Append(PurposeOfUse.Find(FooBar.System, "Other")!))
        {
            Assert.Equal(purpose == FooBar, Permits(new AccessRequest(Other, [new Membership(researchers)], purpose, AccessAction.View, Now)));
            Assert.Equal(purpose == FooBar, Permits(new AccessRequest(Actor.Organization(researchers), [], purpose, AccessAction.View, Now)));
            Assert.False(Permits(new AccessRequest(Other, [new Membership(new ProviderId(Id("Organization/ex-organization")))], purpose, AccessAction.View, Now)));
        }

        bool Permits(AccessRequest ask)
        {
            var decision = ReferenceEvaluator.Decide(book, ask, Normal);
            Assert.Equal(decision, book.Policy.For(ask).Decide(Normal));
            return decision.Permitted;
        }
    }

    [Theory, Trait("Feature", "3")]
    [InlineData("\"FooBar\"", "\"Foo|Bar\"")]
    [InlineData("\"FooBar\"", "null")]
    [InlineData("http://example.org/policies/purposeOfUse", "urn:oid:2.16.840.1.113883.5.8")]
    [InlineData("http://example.org/policies/purposeOfUse", "http://terminology.hl7.org/CodeSystem/v3-ActReason")]
    public void APurposeThatNobodyCouldCompare_IsRefusedWithItsPlace(string said, string instead) => Assert.Contains(
        Read("intermediate-purpose", out _, text => text.Replace(said, instead)).Refusal?.Place, new[] { "Consent.provision.purpose[0]", "Consent.provision.purpose[0].code" });

    [Fact]
    public void EveryExample_IsOneOfThese() => Assert.Equal(
        Directory.GetFiles(SampleData.Find("consent-ihe-pcf-dev"), "Consent-*.json").Select(path => Path.GetFileNameWithoutExtension(path)["Consent-ex-consent-".Length..]).Order(),
        Held.Select(row => row.Data).Order());

    private static Outcome<ConsentDraft> Read(string file, out JsonObject original, Func<string, string>? change = null)
    {
        // The examples name resources by words; here every id is a UUID.
        var text = LocalReference().Replace(
            File.ReadAllText(Path.Combine(SampleData.Find("consent-ihe-pcf-dev"), $"Consent-ex-consent-{file}.json")), match => $"\"{match.Groups[1]}/{Id(match.Groups[0].Value.Trim('"')):D}\"");
        text = change?.Invoke(text) ?? text;
        original = JsonNode.Parse(text)!.AsObject();
        return ConsentReader.Read(Encoding.UTF8.GetBytes(text), Patient);
    }

    private static Guid Id(string name) => NameBasedId.Create("pcf", name);

    private static RecordId Record(string reference) => new(Id(reference));

    private static Datum Labelled(string label) => new(new RecordId(Id(label)), DataClass.Laboratory, Now, [], null, [label]);

    private static Datum Dated(int year, int month, int day, long ticks = 0) => Normal with { Date = new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero).AddTicks(ticks) };

    [GeneratedRegex("\"([A-Z][A-Za-z]+)/(ex-[A-Za-z0-9-]+)\"")]
    private static partial Regex LocalReference();
}
