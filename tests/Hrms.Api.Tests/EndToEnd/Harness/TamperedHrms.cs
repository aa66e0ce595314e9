using System.Globalization;
using System.Text.RegularExpressions;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>An installation of its own, whose database is changed behind the product's back.</summary>
public sealed partial class TamperedHrms : HrmsFixture
{
    /// <summary>Does something that finds what was changed: operators are paged, and the log names the place.</summary>
    /// <param name="kind">What is counted: see <c>hrms.integrity.violations</c>.</param>
    /// <param name="place">What the log's line says of the place.</param>
    public async Task AlarmsAsync(string kind, string place, Func<Task> find)
    {
        var before = await CountedAsync(kind);
        await find();
        Assert.Contains(Log.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains(place, StringComparison.Ordinal));
        await Deadline.UntilAsync($"an alarm of kind {kind}", async () => await CountedAsync(kind) > before ? "raised" : null);
    }

    /// <summary>How often operators were alarmed, as their scraper sees it: the count is there before the first.</summary>
    private async Task<long> CountedAsync(string kind)
    {
        var scraped = await Deadline.UntilAsync("a count of alarms", async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
            request.Headers.Authorization = new("Bearer", (await OperatorAsync()).Token);
            using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return Violations().Matches(body).SingleOrDefault(found => found.Groups["kind"].Value == kind);
        });
        return long.Parse(scraped.Groups["count"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("""^hrms_integrity_violations_total\{[^}]*kind="(?<kind>\w+)"[^}]*\} (?<count>\d+)""", RegexOptions.Multiline)]
    private static partial Regex Violations();
}

/// <summary>Tests that change the one installation's database, one after the other.</summary>
[CollectionDefinition(nameof(Tampered))]
public sealed class Tampered : ICollectionFixture<TamperedHrms>;
