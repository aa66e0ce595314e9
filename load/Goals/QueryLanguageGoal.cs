using System.Globalization;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>P9: what GraphQL costs next to a REST endpoint that does the least, on the same grain in the same process. Reads of one record with its content.</summary>
internal static class QueryLanguageGoal
{
    private static readonly Goal Rate = new("P9", "GraphQL requests/s ÷ minimal REST on the same grain", 0.7, 0.85);
    private const int Patients = 128;

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext context, CancellationToken stop)
    {
        using var both = new RestAndGraphQL(context.System, context.Plan.Clients, Patients);
        await both.PrepareAsync(context.Line.Say, stop);
        await context.Runner.RunAsync(both, new KeepConstant(context.Plan.Clients, context.Plan.Warmup), "P9: warm-up", stop);
        List<double> ratios = [];
        List<string> raw = [];
        for (var repeat = 1; repeat <= context.Plan.Repeats; repeat++)
        {
            var graphQL = await RoundAsync(repeat, isRest: false);
            var rest = await RoundAsync(repeat, isRest: true);
            ratios.Add(graphQL.PerSecond / rest.PerSecond);
            raw.Add(string.Create(CultureInfo.InvariantCulture,
                $"{graphQL.PerSecond:0} ÷ {rest.PerSecond:0} per second; CPU of one: {graphQL.CpuMicros.Values.Sum():0} µs and {rest.CpuMicros.Values.Sum():0} µs (api and silo {graphQL.CpuMicros.GetValueOrDefault("api and silo"):0} and {rest.CpuMicros.GetValueOrDefault("api and silo"):0})"));
        }
        return [new GoalResult(Rate, ratios, raw, "goals --only P9")];

        async Task<Measurement> RoundAsync(int repeat, bool isRest)
        {
            var label = $"P9 {repeat}: {(isRest ? "REST" : "GraphQL")}";
            var round = await context.Runner.RunAsync(new OneOfBoth(both, isRest), new KeepConstant(context.Plan.Clients, context.Plan.Duration), label, stop);
            context.Line.Say($"{label}: {ConsoleReport.Line(round)}");
            return round;
        }
    }

    private sealed class OneOfBoth(RestAndGraphQL both, bool isRest) : IScenario
    {
        public string Name => both.Name;

        public string Unit => both.Unit;

        public Task PrepareAsync(Action<string> progress, CancellationToken stop) => Task.CompletedTask;

        public Task<string> StepAsync(int copy, CancellationToken stop) => both.StepAsync(copy, isRest, stop);

        public Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop) => Task.FromResult<IReadOnlyList<Threshold>>([]);

        public void Dispose() { }
    }
}
