using System.CommandLine;

namespace Hrms.Load.Goals;

/// <summary>What <c>goals</c> takes.</summary>
internal sealed class GoalOptions
{
    private readonly Option<string[]> _only = new("--only") { Description = "Which goals, such as P1 P7; default: all that there are.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _clients = LoadOptions.Positive("--clients", "Clients, each with one connection.", 128);
    private readonly Option<int> _patients = LoadOptions.Positive("--patients", "Patients registered before the run.", 256);
    private readonly Option<int> _repeats = LoadOptions.Positive("--repeats", "How often each ratio is measured; the median counts.", 5);
    private readonly Option<int> _minutes = LoadOptions.Positive("--minutes", "Minutes of the long run (P13), at least 3.", 30);
    private readonly Option<int> _duration = LoadOptions.Positive("--duration", "Seconds of one round.", 10);
    private readonly Option<int> _warmup = LoadOptions.Positive("--warmup", "Seconds that are run before and left out.", 60);
    private readonly Option<FileInfo?> _json = new("--json") { Description = "A file that gets every figure as JSON." };
    private readonly Option<FileInfo?> _markdown = new("--markdown") { Description = "A file that gets the table: docs/performance.md is made so." };

    public void AddTo(Command command)
    {
        _only.AcceptOnlyFromAmong([.. GoalRun.Ids]);
        foreach (var option in new Option[] { _only, _clients, _patients, _repeats, _minutes, _duration, _warmup, _json, _markdown })
            command.Options.Add(option);
    }

    public GoalPlan Read(ParseResult parsed) => new(
        parsed.GetValue(_clients), parsed.GetValue(_patients), parsed.GetValue(_repeats), Math.Max(3, parsed.GetValue(_minutes)), TimeSpan.FromSeconds(parsed.GetValue(_duration)),
        TimeSpan.FromSeconds(parsed.GetValue(_warmup)), parsed.GetValue(_only) ?? [], parsed.GetValue(_json), parsed.GetValue(_markdown));
}
