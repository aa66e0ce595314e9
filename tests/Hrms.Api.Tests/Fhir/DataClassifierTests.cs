using System.Text.Json;
using Hl7.Fhir.Model;
using Hrms.Api.Fhir;
using Hrms.Contracts;

namespace Hrms.Api.Tests.Fhir;

public class DataClassifierTests
{
    [Fact]
    public void EveryResourceTypeOfR4_HasAClass() =>
        Assert.All(ModelInfo.SupportedResources, type => Assert.True(ResourceClasses.Knows(type), type));

    [Theory]
    [InlineData("Observation", "laboratory", DataClass.Laboratory)]
    [InlineData("Observation", "vital-signs", DataClass.VitalSigns)]
    [InlineData("Observation", "social-history", DataClass.SocialHistory)]
    [InlineData("Observation", "survey", DataClass.SocialHistory)]
    [InlineData("Observation", "imaging", DataClass.Imaging)]
    [InlineData("Observation", "unheard-of", DataClass.Other)]
    [InlineData("DiagnosticReport", "LAB", DataClass.Laboratory)]
    [InlineData("DiagnosticReport", "RAD", DataClass.Imaging)]
    [InlineData("DiagnosticReport", "GE", DataClass.Genomics)]
    [InlineData("DiagnosticReport", "unheard-of", DataClass.Other)]
    [InlineData("ServiceRequest", "108252007", DataClass.Laboratory)]
    [InlineData("DocumentReference", "laboratory", DataClass.Documents)]
    public void TypesThatHoldManyThings_GoByCategory(string type, string category, DataClass expected) =>
        Assert.Equal(expected, DataClassifier.Classify(JsonElement.Parse(
            $$"""{"resourceType":"{{type}}","category":[{"coding":[{"code":"{{category}}"}]}]}""")));

    [Fact]
    public void Observation_OfSeveralCategories_IsOfTheMostSensitive() =>
        Assert.Equal(DataClass.Genomics, DataClassifier.Classify(JsonElement.Parse(
            """{"resourceType":"Observation","category":[{"coding":[{"code":"laboratory"}]},{"coding":[{"code":"GE"}]}]}""")));

    [Fact]
    public void Observation_WithoutCategory_GoesByItsCode() =>
        Assert.Equal(DataClass.VitalSigns, DataClassifier.Classify(JsonElement.Parse(
            """{"resourceType":"Observation","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]}}""")));
}
