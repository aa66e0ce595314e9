namespace Hrms.Api.Tests.EndToEnd;

/// <summary>An installation with a tenth of the budgets that the product has: a slow machine spends those faster than they fill up, too.</summary>
public sealed class BudgetedHrms : HrmsFixture
{
    public const int Cost = 6_000;

    public BudgetedHrms() => CostPerMinute = Cost;
}

/// <summary>Whoever asks for much more than a person does is slowed down, wherever they ask, and nobody else with them.</summary>
[Trait("Feature", "67")]
[Trait("Fault", "F36")]
public sealed class BudgetTests(BudgetedHrms hrms) : IClassFixture<BudgetedHrms>
{
    private const int CostOfALookUp = 11, AtOnce = 50;

    [Fact]
    public async Task WhoTriesIdAfterId_GetsNoFurtherThanAMinutesBudget_AndOthersGoOn()
    {
        var (ana, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        // One id in each request, many requests at a time; a busy machine gives some of the budget back meanwhile.
        for (var sent = 0; sent < 10 * BudgetedHrms.Cost / CostOfALookUp; sent += AtOnce)
        {
            var asked = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => drNo.AsksAsync("query($id: ID!) { provider(id: $id) { name } }", new { id = Guid.NewGuid() })));
            // One budget at every edge: the budget fills up between two of them, so that either is let in now and then.
            var page = await drNo.AsksForExportAsync(ana);
            if (Array.Find(await asked, answer => answer.Error == "THROTTLED") is not { } throttled || page.Status != 429)
                continue;
            Assert.Equal(429, throttled.Status);
            // A request itself costs one more, and so does its answer's first kibibyte, if it has one.
            Assert.InRange(sent + AtOnce, BudgetedHrms.Cost / (CostOfALookUp + 2), int.MaxValue);
            Assert.Equal("throttled", page.Issue.Code);
            Assert.NotNull(page.RetryAfter);
            // And nobody else's.
            Assert.Empty(await ana.SeesAsync(ana));
            return;
        }
        Assert.Fail("Nothing was refused.");
    }

    [Fact]
    public async Task ADeviceThatSendsWithoutEnd_IsToldToWait_AndNothingOfThatCallIsTaken()
    {
        var ana = await hrms.PatientAsync();
        var watch = await ana.EnrolsDeviceAsync();
        // What can't be read costs by its size, too.
        var junk = new string('x', 3 << 20);
        for (var i = 0; i < 10 * BudgetedHrms.Cost / 3_000; i++)
        {
            if ((await watch.UploadsAsync(junk, $"junk-{i}")).Status is 429)
                return;
        }
        Assert.Fail("Nothing was refused.");
    }
}
