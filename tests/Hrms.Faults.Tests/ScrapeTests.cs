using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Hrms.Faults.Tests;

/// <summary>What a collector finds that scrapes silos and API processes, as the operators' alerts and dashboard in <c>deploy/observability</c> have it.</summary>
[Collection(nameof(ThreeSilos))]
public sealed partial class ScrapeTests(ThreeSilos silos)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    [Trait("Feature", "108")]
    public async Task EveryMetricThatAnAlertOrThePictureNeeds_IsThere_AlsoBeforeWhatItCountsHappens_AndNothingOfAPatient()
    {
        var all = await silos.RunningAsync();
        var (patient, doctor) = (await all.Client.PatientAsync(), Guid.NewGuid());
        await all.Client.SendUntilAnsweredAsync(Party.Practitioner(doctor), "query($p:ID!){patient(id:$p){records(first:5){totalCount}}}", new { p = patient });
        string[] wanted =
        [
            .. new[] { "alerts.yml", "dashboard.json" }
                .SelectMany(file => Metric().Matches(File.ReadAllText(Path.Combine(RepositoryFolder.Root, "deploy", "observability", file))))
                .Select(match => match.Value).Distinct().Order(),
        ];
        Assert.True(wanted.Length >= 12, string.Join(", ", wanted));

        var (scraped, missing) = ("", wanted);
        for (var began = Stopwatch.GetTimestamp(); missing.Length > 0 && Stopwatch.GetElapsedTime(began) < Limit; await Task.Delay(TimeSpan.FromMilliseconds(100)))
        {
            scraped = string.Concat([await all.Client.GetAsync(Party.Operator, "/metrics"), .. await Task.WhenAll(all.Silos.Select(silo => silo.MetricsAsync()))]);
            missing = [.. wanted.Where(metric => !scraped.Contains(metric, StringComparison.Ordinal))];
        }
        Assert.True(missing.Length == 0, $"Missing: {string.Join(", ", missing)} in {scraped.Length} characters: {scraped[..Math.Min(scraped.Length, 300)]}");

        Assert.Contains("state=\"running\"", scraped, StringComparison.Ordinal);
        Assert.DoesNotContain($"{patient}", scraped, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain($"{doctor}", scraped, StringComparison.OrdinalIgnoreCase);
    }

    // A name that is followed by a range, labels or a bracket, and is no label to group by.
    [GeneratedRegex(@"(?<!by \()\b(hrms|http)(_[a-z]+){2,}\b(?=[\[{) ])")]
    private static partial Regex Metric();
}
