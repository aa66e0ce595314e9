using System.Globalization;
using Hrms.Load.Baselines;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>P10: samples of wearables through the API, sealed and on the ledger's way, next to a binary COPY of the same rows.</summary>
internal static class WearableGoal
{
    private static readonly Goal Ratio = new("P10", "wearable samples/s through the API ÷ binary COPY of the same rows", 0.4, 0.7);
    private static readonly Goal Rate = new("P10 rate", "wearable samples/s through the API", 10_000, 10_000, Unit: "/s");
    private const int DevicesMax = 16;

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext context, CancellationToken stop)
    {
        var devices = Math.Min(DevicesMax, context.Plan.Clients);
        using var wearables = new WearableIntake(context.System, devices);
        await wearables.PrepareAsync(context.Line.Say, stop);
        await using var copies = await CopiedSamples.CreateAsync(context.System.Database, devices, WearableIntake.SamplesEach);
        await context.Runner.RunAsync(wearables, new KeepConstant(devices, context.Plan.Duration), "P10: warm-up", stop);
        List<double> ratios = [], rates = [];
        List<string> raw = [$"copies by {copies.Description}"];
        for (var repeat = 1; repeat <= context.Plan.Repeats; repeat++)
        {
            var sent = await context.Runner.RunAsync(wearables, new KeepConstant(devices, context.Plan.Duration), $"P10 {repeat}: samples", stop);
            var copied = await LoadRun.BaselineRoundAsync(copies, context.System.Cpu, context.Plan.Duration, context.Line, stop);
            ratios.Add(sent.PerSecond / copied.PerSecond);
            rates.Add(Math.Floor(sent.PerSecond * WearableIntake.SamplesEach));
            raw.Add(string.Create(CultureInfo.InvariantCulture,
                $"{sent.PerSecond * WearableIntake.SamplesEach:0} ÷ {copied.PerSecond * WearableIntake.SamplesEach:0} samples per second, {sent.Failed} batches failed; batches of {WearableIntake.SamplesEach}, {devices} devices; {sent.Latency}"));
        }
        var kept = await wearables.KeptAsync(context.Line.Say, stop);
        raw.Add($"{(kept.Holds ? "ok" : "FAILED")}: {kept.Name} ({kept.Found})");
        if (!kept.Holds)
            throw new LoadFaultException($"P10: {kept.Name}: {kept.Found}");
        return [new GoalResult(Ratio, ratios, raw, "goals --only P10"), new GoalResult(Rate, rates, [], "goals --only P10")];
    }
}
