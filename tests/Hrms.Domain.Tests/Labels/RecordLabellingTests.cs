using System.Text;
using Hrms.Contracts;
using Hrms.Domain.Labels;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Labels;

[Trait("Feature", "6")]
public sealed class RecordLabellingTests
{
    private const string Icd10 = "http://hl7.org/fhir/sid/icd-10-cm", Snomed = "http://snomed.info/sct", Loinc = "http://loinc.org";

    [Theory]
    [InlineData(Icd10, "F10.20", "ETH")]
    [InlineData(Icd10, "F1920", "ETH")]
    [InlineData(Icd10, "F20", "PSY")]
    [InlineData(Icd10, "F69.9", "PSY")]
    [InlineData(Icd10, "B20", "HIV")]
    [InlineData("http://hl7.org/fhir/sid/icd-10", "B24", "HIV")]
    [InlineData(Icd10, "b23.8", "HIV")]
    [InlineData(Icd10, "A54.9", "SEX")]
    [InlineData(Icd10, "Z13.71", "GDIS")]
    [InlineData(Icd10, "R45.851", "PSY")]
    [InlineData("http://www.whocc.no/atc", "j05ar10", "HIV")]
    [InlineData(Icd10, "Q90.9", "GDIS")]
    [InlineData(Icd10, "T74.11XA", "SDV")]
    [InlineData(Snomed, "86406008", "HIV")]
    [InlineData(Snomed, "35489007", "PSY")]
    [InlineData(Loinc, "44261-6", "PSY")]
    [InlineData("http://www.whocc.no/atc", "N07BB04", "ETH")]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-ActCode", "ETHUD", "ETH")]
    public void ASensitiveCode_HasItsLabel(string system, string code, string label) => Assert.Equal([label], SensitiveCodes.LabelsOf(system, code));

    [Theory]
    [InlineData(Icd10, "F17.210")]
    [InlineData(Icd10, "F09")]
    [InlineData(Icd10, "F70")]
    [InlineData(Icd10, "B19")]
    [InlineData(Icd10, "B25")]
    [InlineData(Icd10, "F1")]
    [InlineData(Icd10, "")]
    [InlineData("http://hl7.org/fhir/sid/icd-10-pcs", "F1020")]
    [InlineData(Snomed, "44054006")]
    [InlineData(Snomed, "F20")]
    [InlineData(Loinc, "4548-4")]
    public void AnotherCode_HasNone(string system, string code) => Assert.Empty(SensitiveCodes.LabelsOf(system, code));

    [Theory]
    [InlineData("""{"resourceType":"Encounter","reasonCode":[{"coding":[{"code":"F32.1","system":"http://hl7.org/fhir/sid/icd-10-cm"}]}]}""", "PSY")]
    [InlineData("""{"resourceType":"Observation","code":{"coding":[{"system":"http://loinc.org","code":"1"}]},"valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"165816005"}]}}""", "HIV")]
    [InlineData("""{"resourceType":"Claim","contained":[{"code":[{"system":"http://snomed.info/sct","code":"706893006"}]}]}""", "SDV")]
    [InlineData("""{"resourceType":"Claim","a":{"system":"http://snomed.info/sct","b":{"code":"706893006"}}}""")]
    [InlineData("""{"resourceType":"Observation","valueQuantity":{"system":"http://unitsofmeasure.org","code":"F20","value":3}}""")]
    public void ACodingAnywhereInTheResource_Counts(string resource, params string[] labels) =>
        Assert.Equal(labels, RecordLabelling.Labelled(Draft(resource)).Labels);

    [Fact]
    public void WhatTheRecordBrings_Stays_AndNothingIsThereTwice()
    {
        var draft = Draft("""{"code":{"coding":[{"system":"http://snomed.info/sct","code":"86406008"},{"system":"http://loinc.org","code":"44261-6"}]}}""", "V", "HIV");
        Assert.Equal(["V", "HIV", "PSY"], RecordLabelling.Labelled(draft).Labels);
    }

    /// <summary>An edge may know codes that stand in no coding of the resource.</summary>
    [Fact]
    public void ACodeBesideTheResource_Counts_UnlessItIsOfNoSystem()
    {
        var draft = Draft("{}") with { Codes = [new Code(Snomed, "86406008", null), new Code(null, "35489007", null)] };
        Assert.Equal(["HIV"], RecordLabelling.Labelled(draft).Labels);
        Assert.Equal(["HIV"], RecordLabelling.Labelled(draft with { Content = default }).Labels);
    }

    private static RecordDraft Draft(string json, params string[] labels) => new(
        new RecordId(Id(1)), "Observation", DataClass.Laboratory, [], null, [], null, labels, null, Encoding.UTF8.GetBytes(json));
}
