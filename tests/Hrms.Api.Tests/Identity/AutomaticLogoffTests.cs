using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Organizations;

namespace Hrms.Api.Tests.Identity;

/// <summary>Nobody stays signed in for ever (HIPAA 164.312(a)(2)(iii)): unused for a while, and in all, each with its edge. Apps' tokens: <see cref="CodeFlowTests"/>, too.</summary>
[Collection(nameof(TimeTravel))]
public sealed class AutomaticLogoffTests(HrmsFixture hrms)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Moment = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task ABrowserThatLiesIdle_ForAQuarterOfAnHour_IsOut_AndOneThatIsUsedIsNot()
    {
        using var ana = await Person.SignedInAsync(hrms);
        for (var i = 0; i < 3; i++)
        {
            hrms.Clock.Advance(TimeSpan.FromMinutes(15) - Moment);
            Assert.Equal("Your account", (await ana.Browser.GoesToAsync("/account")).Title);
        }
        hrms.Clock.Advance(TimeSpan.FromMinutes(15) + Second);
        Assert.Equal("Sign in", (await ana.Browser.GoesToAsync("/account")).Title);
    }

    [Fact]
    public async Task AfterAWorkingDay_ABrowserIsOut_HoweverMuchItIsUsed()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var due = hrms.Clock.GetUtcNow() + TimeSpan.FromHours(8);
        while (hrms.Clock.GetUtcNow() + TimeSpan.FromMinutes(14) < due - Moment)
        {
            hrms.Clock.Advance(TimeSpan.FromMinutes(14));
            Assert.Equal("Your account", (await ana.Browser.GoesToAsync("/account")).Title);
        }
        hrms.Clock.AdvanceTo(due - Moment);
        Assert.Equal("Your account", (await ana.Browser.GoesToAsync("/account")).Title);
        hrms.Clock.AdvanceTo(due + Second);
        Assert.Equal("Sign in", (await ana.Browser.GoesToAsync("/account")).Title);
    }

    [Fact]
    public async Task APractitionersApp_IsOutAfterAShiftOfEightHours_HoweverMuchItIsUsed()
    {
        var (hospital, kim) = (await hrms.HospitalAsync(), await hrms.SomebodyAsync());
        (await hospital.InvitesAsync(kim, $"{Guid.NewGuid():N}")).Done();
        var app = new OAuthApp(hrms);
        var signedIn = hrms.Clock.GetUtcNow();
        var tokens = await kim.ComesInAsync(hrms);
        for (var hour = 1; hour < 8; hour++)
        {
            hrms.Clock.AdvanceTo(signedIn + TimeSpan.FromHours(hour));
            tokens = await app.RefreshesAsync(tokens.Refresh);
            Assert.Null(tokens.Error);
        }
        // Tokens count whole seconds.
        hrms.Clock.AdvanceTo(signedIn + TimeSpan.FromHours(8) - 5 * Second);
        tokens = await app.RefreshesAsync(tokens.Refresh);
        Assert.Null(tokens.Error);
        hrms.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
    }

    [Fact]
    public async Task ARefreshTokenThatLiesUnused_IsGoodUntilTwelveHours_ForAPatient()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana);
        hrms.Clock.Advance(TimeSpan.FromHours(12) - Moment);
        tokens = await app.RefreshesAsync(tokens.Refresh);
        Assert.Null(tokens.Error);
        hrms.Clock.Advance(TimeSpan.FromHours(12) + Second);
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
    }

    /// <summary>By the second, and no longer: also one that was used before, and may be remembered, and one that comes for the first time.</summary>
    [Theory]
    [InlineData(298, true), InlineData(301, false), InlineData(361, false)]
    public async Task AnAccessToken_IsGoodForFiveMinutes(int afterSeconds, bool isTaken)
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (app, other) = (new OAuthApp(hrms), new OAuthApp(hrms, TestApps.Other));
        using var _ = hrms.Clock.Stand();
        var (used, unused) = (new Bearer(hrms, (await app.IsConnectedAsync(ana)).Access), new Bearer(hrms, (await other.IsConnectedAsync(ana)).Access));
        Assert.True(await used.IsTakenAsync());
        hrms.Clock.Advance(TimeSpan.FromSeconds(afterSeconds));
        Assert.Equal(isTaken, await used.IsTakenAsync());
        Assert.Equal(isTaken, await unused.IsTakenAsync());
    }
}
