using Hrms.Load.Scenarios;

namespace Hrms.Load.Tests;

/// <summary>Who takes part in a run is the same whenever its seed is, and nobody is twice the same.</summary>
[Trait("Feature", "110")]
public sealed class PlausiblePeopleTests
{
    [Fact]
    public void TheSameSeed_GivesTheSamePeople_AnotherOneOthers()
    {
        var (one, again, other) = (People(1), People(1), People(2));
        Assert.Equal(one, again);
        Assert.Empty(one.Select(person => person.Patient).Intersect(other.Select(person => person.Patient)));
        Assert.Empty(one.Select(person => person.Identifier).Intersect(other.Select(person => person.Identifier)));
        Assert.Equal(one.Count, one.Select(person => person.Patient).Distinct().Count());
        Assert.Equal(one.Count, one.Select(person => person.Identifier).Distinct().Count());
        Assert.True(one.Select(person => person.Name).Distinct().Count() > one.Count / 2);
        Assert.All(one, person => Assert.Matches(@"^Dr \w+ \w+, [\w ]+$", person.Name));
    }

    private static List<(Guid Patient, string Name, string Identifier)> People(int seed) =>
        [.. Enumerable.Range(0, 500).Select(number => (PlausiblePeople.PatientCommand(seed, number), PlausiblePeople.Practitioner(seed, number).Name, PlausiblePeople.Practitioner(seed, number).Identifier))];
}
