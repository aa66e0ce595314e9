using System.Net;
using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Identity;

/// <summary>An installation that lets an address try as seldom as the product does.</summary>
public sealed class StrictHrms : HrmsFixture
{
    public StrictHrms() => TriesPerMinute = null;
}

/// <summary>Whoever tries passwords is held up, by the address they come from.</summary>
public sealed class TriesTests(StrictHrms hrms) : IClassFixture<StrictHrms>
{
    [Fact]
    public async Task MoreTriesThanAMinuteAllows_AreAnswered429()
    {
        await hrms.HostAsync();
        // Twice as many as a window takes: also when a new one begins in between, one of them is overrun.
        for (var i = 0; i <= 60; i++)
        {
            using var answer = await hrms.Http.PostAsync("/account/sign-in", new FormUrlEncodedContent([]), TestContext.Current.CancellationToken);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
                continue;
            Assert.NotNull(answer.Headers.RetryAfter);
            return;
        }
        Assert.Fail("Nothing was refused.");
    }
}
