using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Hrms.Grains.Ledger;
using Hrms.Storage.Journal;
using Hrms.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Operators see how the system fares, nobody else does, and they see nothing of any patient.</summary>
[Trait("Feature", "108")]
public sealed class OperationsTests(HrmsFixture hrms)
{
    [Theory]
    [InlineData("metrics")]
    [InlineData("operations")]
    [InlineData("operations/orleans/")]
    [InlineData("operations/orleans/DashboardCounters")]
    public async Task OnlyAnOperatorSeesInside(string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(path, null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(path, (await hrms.PatientAsync()).Token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(path, (await hrms.PractitionerAsync()).Token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(path, (await hrms.OperatorAsync()).Token)).Status);
    }

    [Fact]
    public async Task ThePage_ShowsLanesBatchesAndWhoSeals_AndNothingOfAPatient()
    {
        var ana = await hrms.PatientAsync();
        await ana.AddsAsync(Clinic.LabResult());
        var page = await Deadline.UntilAsync("a batch on the page", async () =>
        {
            var body = (await GetAsync("operations", (await hrms.OperatorAsync()).Token)).Body;
            return Regex.IsMatch(body, "<code>0x[0-9a-f]{64}</code>") ? body : null;
        });
        Assert.Contains("<td>running</td>", page, StringComparison.Ordinal);
        // The one silo, and how many changes wait in it.
        Assert.Matches(@"<td>127\.0\.0\.1:\d+</td>\s*<td class=""number"">\d+</td>", page);
        Assert.Contains("Oldest without a receipt waits", page, StringComparison.Ordinal);
        // A development node's chain is sealed by nobody.
        Assert.Contains("names none", page, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain(ana.Id.ToString(), page, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>An alert that waits for more than there can ever be tells nobody anything.</summary>
    [Fact]
    public void NoAlert_WaitsForMoreThanTheProductsOwnLimitsAllow()
    {
        var rules = File.ReadAllText(Path.Combine(RepositoryFolder.Root, "deploy", "observability", "alerts.yml"));
        (string Metric, int Most)[] limits =
        [
            ("hrms_ledger_batches_open", Math.Min(new LedgerWriterOptions().InFlightMax, LedgerWriterOptions.ForConsortium().InFlightMax)),
            ("hrms_journal_queue_length", new JournalOptions().QueueLimit),
        ];
        foreach (var (metric, most) in limits)
            Assert.All(Regex.Matches(rules, $@"{metric}\)*\s*>=?\s*(\d+)"), rule => Assert.True(int.Parse(rule.Groups[1].Value, CultureInfo.InvariantCulture) < most, rule.Value));
        Assert.Matches(@"alert: LedgerBehind\s+expr: max by \(lane\) \(hrms_ledger_waiting_seconds\) > \d+", rules);
    }

    [Theory]
    [InlineData("GrainState?grainId={0}&grainType=Hrms.Grains.Patients.PatientGrain")]
    [InlineData("GrainState/?grainId={0}&grainType=Hrms.Grains.Patients.PatientGrain")]
    [InlineData("grainstate?grainId={0}&grainType=Hrms.Grains.Patients.PatientGrain")]
    [InlineData("Trace")]
    public async Task NotEvenAnOperatorLooksIntoAGrainOrItsLog(string page) =>
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(
            "operations/orleans/" + string.Format(null, page, (await hrms.PatientAsync()).Id), (await hrms.OperatorAsync()).Token)).Status);

    [Fact]
    public async Task ASilo_IsLookedAtByItsAddress_AndOneThatIsNotThereIsNotFound()
    {
        var clerk = await hrms.OperatorAsync();
        var silos = await (await hrms.HostAsync()).Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        foreach (var view in new[] { "SiloProperties", "SiloMetadata", "SiloCounters", "SiloStats", "HistoricalStats" })
        {
            Assert.Equal(HttpStatusCode.OK, (await GetAsync($"operations/orleans/{view}/{silos.Keys.Single().ToParsableString()}", clerk.Token)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"operations/orleans/{view}/192.0.2.1:11111@1", clerk.Token)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"operations/orleans/{view}/nowhere", clerk.Token)).Status);
        }
    }

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string path, string? token)
    {
        await hrms.HostAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
