using System.CommandLine;
using Hrms.Load.Measuring;
using Hrms.Load.Scenarios;
using Hrms.TestKit;

namespace Hrms.Load.Tests;

/// <summary>Each scenario states arrival rate, duration and pass marks, also to whoever only reads.</summary>
[Trait("Feature", "110")]
public sealed class ScenarioListTests
{
    public static TheoryData<string> Names => [.. ScenarioList.All.Select(kind => kind.Name)];

    [Theory, MemberData(nameof(Names))]
    public void ByItself_AScenarioHasArrivalsADurationAndMarks(string name)
    {
        var kind = Kind(name);
        var plan = Plan(kind, "--clients", "4");
        var arrivals = Assert.IsType<RampingInject>(plan.Round());
        Assert.True(arrivals is { From: > 0, Copies: 4 } && arrivals.From == arrivals.To && arrivals.During >= TimeSpan.FromSeconds(10));
        Assert.Equal(arrivals, SimulationText.Parse(kind.Simulation, 4));
        Assert.NotEmpty(plan.Marks);
        Assert.Contains(plan.Marks, mark => mark.Metric.StartsWith('p'));
        Assert.Contains(kind.Simulation, kind.Described, StringComparison.Ordinal);
        Assert.All(kind.Marks, mark => Assert.Contains(mark, kind.Described, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Names))]
    public void TheReadme_SaysTheSame(string name)
    {
        var kind = Kind(name);
        var row = Assert.Single(File.ReadLines(Path.Combine(RepositoryFolder.Root, "load", "README.md")), line => line.StartsWith($"| `{name}` | ", StringComparison.Ordinal));
        Assert.EndsWith($" | {kind.Simulation} | {string.Join(", ", kind.Marks)} |", row, StringComparison.Ordinal);
        Assert.Equal(kind.Against is not null, row.Contains("`--baseline`", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--rate", "5"), InlineData("--simulate", "inject 5 5s"), InlineData("--duration", "5"), InlineData("--threshold", "p99 < 5ms"), InlineData("--baseline", "true")]
    public void WhoeverSaysHow_IsNotToldHow(string option, string value)
    {
        var plan = Plan(Kind("changes"), option, value);
        Assert.Equal(option == "--threshold" ? 1 : 0, plan.Marks.Count);
        Assert.Equal(option == "--rate" ? 5 : null, plan.Rate);
        Assert.Equal(option is "--rate" or "--simulate" ? typeof(RampingInject) : typeof(KeepConstant), plan.Round().GetType());
    }

    private static ScenarioKind Kind(string name) => ScenarioList.All.Single(kind => kind.Name == name);

    private static LoadPlan Plan(ScenarioKind kind, params string[] words)
    {
        var (command, options) = (new Command(kind.Name), new LoadOptions());
        options.AddTo(command, kind.Against is not null);
        var parsed = command.Parse(words);
        Assert.Empty(parsed.Errors);
        return options.Read(parsed, kind);
    }
}
