using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Tests.Consents;

namespace Hrms.Domain.Tests.Access;

/// <summary>SMART App Launch 2's resource scopes: one way to write each, and an order by how much they allow.</summary>
[Trait("Feature", "70")]
public sealed class ResourceScopeTests
{
    private static readonly Gen<Code[]> Categories = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1])
        .Select((system, code) => new Code(system == 0 ? null : system == 1 ? "" : "sys", code == 0 ? "lab" : "vital", null)).Array[0, 2];

    [Theory]
    [InlineData("patient/Observation.rs")]
    [InlineData("user/*.cruds")]
    [InlineData("system/MedicationRequest.c")]
    [InlineData("patient/Observation.rs?category=laboratory")]
    [InlineData("patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory")]
    [InlineData("patient/Condition.s?category=|x")]
    public void AScope_IsReadAndWrittenAsItIs(string text)
    {
        Assert.True(ResourceScope.TryParse(text, out var scope));
        Assert.Equal(text, scope.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("openid")]
    [InlineData("launch/patient")]
    [InlineData("patient/Observation")]
    [InlineData("patient/Observation.")]
    [InlineData("patient/Observation.read")]
    [InlineData("patient/Observation.*")]
    [InlineData("patient/Observation.sr")]
    [InlineData("patient/Observation.rr")]
    [InlineData("patient/Observation.rsx")]
    [InlineData("patient/.rs")]
    [InlineData("patient/observation.rs")]
    [InlineData("patient/Obs ervation.rs")]
    [InlineData("Patient/Observation.rs")]
    [InlineData("everyone/Observation.rs")]
    [InlineData("patient/*.rs?category=laboratory")]
    [InlineData("patient/Observation.rs?")]
    [InlineData("patient/Observation.rs?category=")]
    [InlineData("patient/Observation.rs?category=a|b|c")]
    [InlineData("patient/Observation.rs?category=sys|")]
    [InlineData("patient/Observation.rs?category=a,b")]
    [InlineData("patient/Observation.rs?category=a&code=b")]
    [InlineData("patient/Observation.rs?category=%61")]
    [InlineData("patient/Observation.rs?code=2339-0")]
    [InlineData("patient/Observation.rs?category=a?category=b")]
    public void WhatIsNoScopeOfOurs_IsNone(string? text) => Assert.False(ResourceScope.TryParse(text, out _));

    [Fact]
    public void WritingAndReading_GivesTheSame() => ConsentGens.Resource.Sample(scope =>
    {
        Assert.True(ResourceScope.TryParse(scope.ToString(), out var read));
        Assert.Equal(scope, read);
    });

    [Fact]
    public void RandomText_IsAScopeOnlyWhenItIsWrittenLikeOne() => Gen.String[Gen.Char["patientusr/*.Obcd?=|gy"], 0, 40].Sample(text =>
    {
        if (ResourceScope.TryParse(text, out var scope))
            Assert.Equal(text, scope.ToString());
    });

    [Fact]
    public void NarrowerThan_IsAPartialOrder() => ConsentGens.Resource.Array[3].Sample(scopes =>
    {
        var (a, b, c) = (scopes[0], scopes[1], scopes[2]);
        Assert.True(a.IsWithin(a));
        if (a.IsWithin(b) && b.IsWithin(a))
            Assert.Equal(a, b);
        if (a.IsWithin(b) && b.IsWithin(c))
            Assert.True(a.IsWithin(c));
    }, iter: RandomCases.Of(200_000));

    [Fact]
    public void WhatIsNarrower_ReachesNoMore() =>
        Gen.Select(ConsentGens.Resource, ConsentGens.Resource, Categories, Gen.Int[0, 31]).Sample((narrow, wide, categories, needed) =>
        {
            var interactions = (ScopeInteractions)needed;
            foreach (var type in narrow.IsWithin(wide) ? new[] { "Observation", "MedicationRequest", "Condition" } : [])
            {
                if (new AppReach([narrow], interactions).Reaches(type, categories))
                    Assert.True(new AppReach([wide], interactions).Reaches(type, categories));
            }
        }, iter: RandomCases.Of(100_000));

    [Fact]
    public void WhatNeedsTwoLetters_MayHaveThemOfTwoScopes_AboutTheSameRecord()
    {
        var (read, search) = (Scope("patient/Observation.r"), Scope("patient/Observation.s?category=lab"));
        var both = new AppReach([read, search], ScopeInteractions.Read | ScopeInteractions.Search);
        Assert.True(both.Reaches("Observation", [new Code("sys", "lab", null)]));
        Assert.False(both.Reaches("Observation", [new Code("sys", "vital", null)]));
        Assert.False(both.Reaches("Observation", null));
        Assert.True(both.ReachesSomething);
        Assert.False(new AppReach([read], ScopeInteractions.Read | ScopeInteractions.Search).ReachesSomething);
    }

    [Fact]
    public void PatientScopes_AreAboutTheOnePatient_AndNobodyWhereNoneIsNamed()
    {
        var (ana, ben) = (new PatientId(ConsentWords.Id(100)), new PatientId(ConsentWords.Id(101)));
        AppScope ofAna = new([Scope("patient/*.rs")], ana), ofNobody = ofAna with { Patient = null }, ofUser = new([Scope("user/*.rs")], null);
        Assert.True(ofAna.Of(ana, AccessAction.View).Reaches("Observation", null));
        Assert.False(ofAna.Of(ben, AccessAction.View).Reaches("Observation", null));
        Assert.False(ofNobody.Of(ana, AccessAction.View).Reaches("Observation", null));
        Assert.True(ofUser.Of(ben, AccessAction.View).Reaches("Observation", null));
        Assert.False(new AppScope([], ana).Of(ana, AccessAction.Query).ReachesSomething);
    }

    [Theory]
    [InlineData("r", new[] { AccessAction.View })]
    [InlineData("s", new[] { AccessAction.Query })]
    [InlineData("rs", new[] { AccessAction.View, AccessAction.Query, AccessAction.Stream, AccessAction.Export })]
    [InlineData("c", new AccessAction[0])]
    [InlineData("cu", new[] { AccessAction.Store })]
    public void EachAction_NeedsItsLetters(string letters, AccessAction[] open)
    {
        var app = new AppScope([Scope($"user/Observation.{letters}")], null);
        Assert.Equal(open, Enum.GetValues<AccessAction>().Where(action => app.Of(default, action).ReachesSomething).OrderBy(action => Array.IndexOf(open, action)));
    }

    private static ResourceScope Scope(string text) => ResourceScope.TryParse(text, out var scope) ? scope : throw new ArgumentException(text);
}
