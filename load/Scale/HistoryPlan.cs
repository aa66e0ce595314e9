using System.CommandLine;

namespace Hrms.Load.Scale;

/// <summary>How much history there is to be, and what is asked of it.</summary>
/// <param name="Lines">Settled lines of all patients.</param>
/// <param name="Patients">One of them has <paramref name="Largest"/> lines, the others share the rest.</param>
/// <param name="P99Max">The mark of a page, in milliseconds.</param>
internal sealed record HistoryPlan(string? Data, long Lines, int Patients, long Largest, int Years, int Samples, int P99Max, FileInfo? Markdown)
{
    public int Quarters => Years * 4;

    /// <summary>How many of a patient's lines fall in one of the quarters, which are all alike.</summary>
    public long Share(int patient, int quarter)
    {
        var all = patient == 0 ? Largest : ((Lines - Largest) / (Patients - 1)) + (patient <= (Lines - Largest) % (Patients - 1) ? 1 : 0);
        return (all * (quarter + 1) / Quarters) - (all * quarter / Quarters);
    }

    /// <summary>The first of the quarters; the last of them is the one before a quarter that is not over.</summary>
    public DateTimeOffset Begin(DateTimeOffset now) => QuarterOf(now).AddMonths(-3 * Quarters);

    public static DateTimeOffset QuarterOf(DateTimeOffset now) => new(now.Year, ((now.Month - 1) / 3 * 3) + 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Command Command()
    {
        var data = new Option<string?>("--data") { Description = "A data folder that is kept: what an interrupted run made is gone on from, and a later one asks again. Default: a temporary folder." };
        var lines = new Option<long>("--lines") { Description = "Access lines of all patients.", DefaultValueFactory = _ => 1_000_000 };
        var patients = LoadOptions.Positive("--patients", "Patients; at least 2.", 10_000);
        var largest = new Option<long>("--largest") { Description = "Lines of the patient who has the most.", DefaultValueFactory = _ => 100_000 };
        var years = LoadOptions.Positive("--years", "How far the history goes back.", 3);
        var samples = LoadOptions.Positive("--samples", "How often each kind of page is asked for.", 400);
        var limit = LoadOptions.Positive("--limit", "The mark: milliseconds that 99 of 100 pages take at most.", 100);
        var markdown = new Option<FileInfo?>("--markdown") { Description = "A file that gets the report: docs/scale-history.md is made so." };
        var command = new Command("history", "Pages of the access history out of millions of lines, in partitions by time.") { data, lines, patients, largest, years, samples, limit, markdown };
        command.SetAction((parsed, stop) => HistoryRun.RunAsync(
            new HistoryPlan(parsed.GetValue(data), parsed.GetValue(lines), Math.Max(2, parsed.GetValue(patients)), Math.Min(parsed.GetValue(largest), parsed.GetValue(lines)), parsed.GetValue(years), parsed.GetValue(samples),
                parsed.GetValue(limit), parsed.GetValue(markdown)),
            stop));
        return command;
    }

    public string Words() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"history --lines {Lines} --patients {Patients} --largest {Largest} --years {Years} --samples {Samples}{(Markdown is null ? "" : " --markdown docs/scale-history.md")}");
}
