using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>
/// Which part of the record a resource belongs to: the unit that a patient shares or keeps apart. A resource that does not say
/// what it is goes to <see cref="DataClass.Other"/>, so that sharing, say, the laboratory never shares more than laboratory.
/// </summary>
public static class DataClassifier
{
    /// <summary>The class of a resource, by its type and, where the type holds many things, by its category and code.</summary>
    public static DataClass Classify(JsonElement resource) => resource.Text("resourceType") switch
    {
        "Observation" => ByCategory(resource) ?? ByObservationCode(resource) ?? DataClass.Other,
        "DiagnosticReport" => ByCategory(resource) ?? DataClass.Other,
        "ServiceRequest" => ByCategory(resource) ?? DataClass.Procedures,
        { } type => ResourceClasses.Of(type),
        null => DataClass.Other,
    };

    private static DataClass? ByCategory(JsonElement resource)
    {
        DataClass? found = null;
        foreach (var coding in resource.Items("category").SelectMany(category => category.Items("coding")))
        {
            var known = CategoryClasses.Of(coding.Text("code"));
            if (known == DataClass.Genomics) return known;      // the most sensitive of several
            found ??= known;
        }
        return found;
    }

    private static DataClass? ByObservationCode(JsonElement resource) =>
        resource.TryGetProperty("code", out var code)
            ? code.Items("coding").Where(coding => coding.Text("system") == "http://loinc.org")
                .Select(coding => CategoryClasses.OfLoinc(coding.Text("code"))).FirstOrDefault(found => found is not null)
            : null;
}
