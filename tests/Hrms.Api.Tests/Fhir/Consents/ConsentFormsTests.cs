using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Hrms.Api.Fhir.Consents;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Tests.Consents;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Api.Tests.Fhir.Consents;

/// <summary>Our own terms as a FHIR Consent, and what no terms can hold.</summary>
public sealed class ConsentFormsTests
{
    private static readonly PatientId Ana = new(Id(100));

    private const string Start = """
        {"resourceType":"Consent","status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
        "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"policy":[{"uri":"http://example.org/policy"}],
        """;

    [Fact, Trait("Feature", "11")]
    public void AnyTermsThatCanBeGiven_ComeBackFromFhirAsTheyWere()
    {
        var given = 0;
        Gen.Select(ConsentGens.Terms, Gen.Int[0, 9], Gen.Int[1, 9], Gen.Int[-40, 40]).Sample(
            (drawn, kind, number, hours) =>
            {
                var terms = Normal(drawn) with
                {
                    KeepUntil = kind == 0 ? Now.AddDays(9).AddTicks(number) : null,
                    Frequency = kind == 1 ? new AccessFrequency(number, number, PeriodUnit.Week) : null,
                };
                if (kind == 2)
                    terms = terms with { Rule = terms.Rule with { Data = terms.Rule.Data with { Window = new Period(Now.AddHours(hours), Now.AddHours(100).AddTicks(number)) } } };
                if (ConsentTermsRules.Check(terms, Now.AddYears(-1)) is not null)
                    return;
                given++;
                AssertComesBack(terms);
            },
            iter: 5_000, threads: 1);
        Assert.True(given > 1_000, $"Only {given} of the drawn terms could be given.");
    }

    [Fact]
    public void TheFormThatAPermitWithExceptionsTakes_ComesBack()
    {
        var normal = DataFilter.All with { Confidentialities = [Confidentiality.N] };
        AssertComesBack(Deny(CityHospital).Except(Permit(CityHospital, normal), Permit(DrLee, Labelled("PSY"))));
        AssertComesBack(Permit(CityHospital, normal).Except(Permit(DrLee, Labelled("PSY"))));
        AssertComesBack(Deny(CityHospital).Except(Permit(CityHospital, normal)));
        AssertComesBack(Permit(CityHospital).Except(Deny(Actor.Anyone, Labelled("PSY")), Permit(DrLee, Labelled("PSY"))));
        AssertComesBack(Permit(DrLee, to: [AccessAction.View, AccessAction.Query, AccessAction.Stream, AccessAction.Export]).Except());
    }

    [Fact]
    public void TheWordsThatAConsentCameIn_ComeBackWithIt()
    {
        var given = JsonNode.Parse(Start + """
            "provision":{"type":"permit","purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"TREAT","display":"treatment"}],
            "securityLabel":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N","display":"normal"}],
            "action":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentaction","code":"access","display":"Access"}],"text":"To look"}],
            "provision":[{"type":"deny",
              "actor":[{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP","display":"information recipient"}]},
                "reference":{"reference":"Practitioner/00000000-0000-0000-0000-000000000007","display":"Dr Lee"}}],
              "data":[{"meaning":"instance","reference":{"reference":"Observation/00000000-0000-0000-0000-000000000008","display":"HbA1c"}}]}]}}
            """)!.AsObject();
        var draft = ConsentReader.Read(Encoding.UTF8.GetBytes(given.ToJsonString()), Ana);
        Assert.True(draft.Succeeded, draft.Refusal?.ToString());
        var view = new ConsentView(new ConsentId(Id(1)), 1, ConsentStatus.Active, draft.Value.Terms, Now, null, 1, draft.Value.Paper);

        var written = ConsentWriter.Write(view, Ana.Value);
        var amended = ConsentWriter.Write(view with { Version = 2, Terms = Permit(DrLee, @for: [PurposeOfUse.TREAT]).Except() }, Ana.Value);

        written.Remove("id");
        Assert.True(JsonNode.DeepEquals(given, written), $"{given}\n{written}");
        Assert.Equal("treatment", (string?)amended["provision"]!["purpose"]![0]!["display"]);
        Assert.DoesNotContain("HbA1c", amended.ToJsonString());
    }

    [Theory]
    [InlineData("""{"type":"permit","code":[{"text":"x"}]}""", "Consent.provision.code")]
    [InlineData("""{"type":"permit","extension":[{"url":"http://x.example","valueBoolean":true}]}""", "Consent.provision.extension")]
    [InlineData("""{"type":"permit","modifierExtension":[{"url":"http://x.example","valueBoolean":true}]}""", "Consent.provision.modifierExtension")]
    [InlineData("""{"purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"TREAT"}]}""", "Consent.provision.type")]
    [InlineData("""{"type":"permit","provision":[{"type":"deny","provision":[{"type":"permit"}]}]}""", "Consent.provision.provision[0].provision")]
    [InlineData("""{"type":"permit","provision":[{"type":"deny","period":{"start":"2020"}}]}""", "Consent.provision.provision[0].period")]
    [InlineData("""{"type":"permit","class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}]}""", "Consent.provision.class[0]")]
    [InlineData("""{"type":"permit","securityLabel":[{"system":"http://x.example","code":"PSY"}]}""", "Consent.provision.securityLabel[0]")]
    [InlineData("""{"type":"permit","securityLabel":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N"},{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"PSY"}]}""", "Consent.provision")]
    [InlineData("""{"type":"permit","action":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentaction","code":"disclose"}]}]}""", "Consent.provision.action[0].coding[0]")]
    [InlineData("""{"type":"permit","data":[{"meaning":"dependents","reference":{"reference":"Observation/00000000-0000-0000-0000-000000000001"}}]}""", "Consent.provision.data[0].meaning")]
    [InlineData("""{"type":"permit","data":[{"meaning":"instance","reference":{"reference":"Observation/words"}}]}""", "Consent.provision.data[0].reference")]
    [InlineData("""{"type":"permit","actor":[{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"AUT"}]},"reference":{"reference":"Practitioner/00000000-0000-0000-0000-000000000001"}}]}""", "Consent.provision.actor[0].role")]
    [InlineData("""{"type":"permit","actor":[{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP"}]},"reference":{"type":"Organization","reference":"Practitioner/00000000-0000-0000-0000-000000000001"}}]}""", "Consent.provision.actor[0].reference")]
    [InlineData("""{"type":"permit","actor":[{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP"}]},"reference":{"identifier":{"value":"x"},"reference":"Practitioner/00000000-0000-0000-0000-000000000001"}}]}""", "Consent.provision.actor[0].reference.identifier")]
    public void WhatNoTermsCanHold_IsRefusedWithItsPlace(string provision, string place) => AssertRefused(Start + "\"provision\":" + provision + "}", place);

    [Theory]
    [InlineData("\"active\"", "\"draft\"", "Consent.status")]
    [InlineData("\"patient-privacy\"", "\"research\"", "Consent.scope")]
    [InlineData("\"policy\":[{\"uri\":\"http://example.org/policy\"}],", "\"policyRule\":{\"coding\":[{\"code\":\"OPTOUT\"}]},", "Consent.policyRule")]
    [InlineData("\"policy\":", "\"policyRule\":{\"coding\":[{\"code\":\"OPTIN\"},{\"code\":\"OPTOUT\"}]},\"policy\":", "Consent.policyRule")]
    [InlineData("\"policy\":", "\"verification\":[{\"verified\":true,\"modifierExtension\":[{\"url\":\"http://x.example\",\"valueBoolean\":true}]}],\"policy\":", "Consent.verification[0].modifierExtension")]
    [InlineData("\"policy\":[{\"uri\":\"http://example.org/policy\"}],", "\"implicitRules\":\"http://x.example\",", "Consent.implicitRules")]
    [InlineData("\"policy\":", "\"patient\":{\"reference\":\"Patient/00000000-0000-0000-0000-000000000001\"},\"policy\":", "Consent.patient")]
    [InlineData("\"resourceType\":\"Consent\"", "\"resourceType\":\"Basic\"", "resourceType")]
    public void AConsentOfAnotherKind_IsRefusedWithItsPlace(string part, string other, string place) =>
        AssertRefused((Start + "\"provision\":{\"type\":\"permit\"}}").Replace(part, other, StringComparison.Ordinal), place);

    private static void AssertRefused(string json, string place)
    {
        var read = ConsentReader.Read(Encoding.UTF8.GetBytes(json), Ana);
        Assert.Equal((RefusalCode.Invalid, place), (read.Refusal?.Code ?? default, read.Refusal?.Place));
    }

    private static void AssertComesBack(ConsentTerms terms)
    {
        var written = ConsentWriter.Write(new ConsentView(new ConsentId(Id(1)), 1, ConsentStatus.Active, terms, Now, null, 1), Ana.Value);
        var read = ConsentReader.Read(Encoding.UTF8.GetBytes(written.ToJsonString()), Ana);
        Assert.True(read.Succeeded, $"{read.Refusal}\n{written}");
        Assert.True(SameTerms.Equal(Normal(terms), Normal(read.Value.Terms)), $"{written}");
        var again = ConsentWriter.Write(new ConsentView(new ConsentId(Id(1)), 1, ConsentStatus.Active, read.Value.Terms, Now, null, 1, read.Value.Paper), Ana.Value);
        Assert.True(JsonNode.DeepEquals(written, again), $"{written}\n{again}");
    }

    /// <summary>No list and an empty one say the same.</summary>
    private static ConsentTerms Normal(ConsentTerms terms) => terms with { Rule = Normal(terms.Rule), Exceptions = [.. terms.Exceptions.Select(Normal)] };

    private static Provision Normal(Provision provision) => provision with
    {
        Data = provision.Data with
        {
            Confidentialities = provision.Data.Confidentialities is { Count: > 0 } confidentialities ? confidentialities : null,
            Resolutions = provision.Data.Resolutions is { Count: > 0 } resolutions ? resolutions : null,
        },
    };
}
