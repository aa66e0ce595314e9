using System.Globalization;
using Hrms.Load.Running;

namespace Hrms.Load.Goals;

/// <summary>P2: how many changes share one flush of the write-ahead log in a crowd, next to a client alone.</summary>
internal static class FlushGoal
{
    private static readonly Goal Shared = new("P2", "changes per WAL flush with many clients ÷ with one", 10, 20);

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext context, CancellationToken stop)
    {
        var database = new DatabaseCounters(context.System.Database);
        List<double> ratios = [];
        List<string> raw = [];
        for (var repeat = 1; repeat <= context.Plan.Repeats; repeat++)
        {
            var many = await PerFlushAsync(context.Plan.Clients);
            var one = await PerFlushAsync(1);
            ratios.Add(many / one);
            raw.Add(string.Create(CultureInfo.InvariantCulture, $"{many:0.0} ÷ {one:0.00} changes per flush"));

            async Task<double> PerFlushAsync(int clients)
            {
                var before = await FlushesAsync(clients);
                var round = await context.RoundAsync(clients, $"P2 {repeat}: {clients} clients", stop);
                return round.Count / (double)Math.Max(1, await FlushesAsync(clients) - before);
            }
        }
        return [new GoalResult(Shared, ratios, raw, "goals --only P2")];

        // A session reports what it counted at the end of a transaction, a second after its last report at the earliest: let some pass, then have each writer commit once more.
        async Task<long> FlushesAsync(int clients)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.2), stop);
            await Task.WhenAll(Enumerable.Range(0, Math.Min(16, context.Plan.Clients)).Select(copy => context.Changes.StepAsync(copy, stop)));
            return await database.WalFlushesAsync(stop);
        }
    }
}
