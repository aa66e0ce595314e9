namespace Hrms.Api.Tests.EndToEnd;

/// <summary>An installation with the budgets that the product has.</summary>
public sealed class BudgetedHrms : HrmsFixture
{
    public BudgetedHrms() => CostPerMinute = null;
}

/// <summary>Whoever asks for much more than a person does is slowed down, wherever they ask, and nobody else with them.</summary>
[Trait("Feature", "67")]
[Trait("Fault", "F36")]
public sealed class BudgetTests(BudgetedHrms hrms) : IClassFixture<BudgetedHrms>
{
    private const int AliasesMax = 50, CostOfAnAlias = 11, CostPerMinute = 60_000;

    [Fact]
    public async Task WhoTriesIdAfterId_GetsNoFurtherThanAMinutesBudget_AndOthersGoOn()
    {
        var (ana, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        // Fifty ids in each request; a busy machine gives some of the budget back meanwhile.
        for (var sent = 0; sent < 10 * CostPerMinute / (AliasesMax * CostOfAnAlias); sent++)
        {
            var answer = await drNo.AsksAsync($"{{ {string.Concat(Enumerable.Range(0, AliasesMax).Select(i => $"a{i}: provider(id: \"{Guid.NewGuid()}\") {{ name }} "))} }}");
            if (answer.Error != "THROTTLED")
                continue;
            Assert.Equal(429, answer.Status);
            Assert.InRange(sent, CostPerMinute / (AliasesMax * CostOfAnAlias), int.MaxValue);
            // One budget at every edge, and nobody else's.
            var page = await drNo.AsksForExportAsync(ana);
            Assert.Equal((429, "throttled"), (page.Status, page.Issue.Code));
            Assert.NotNull(page.RetryAfter);
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
        for (var i = 0; i < 10 * CostPerMinute / 3_000; i++)
        {
            if ((await watch.UploadsAsync(junk, $"junk-{i}")).Status is 429)
                return;
        }
        Assert.Fail("Nothing was refused.");
    }
}
