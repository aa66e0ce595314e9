using System.Globalization;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

namespace Hrms.Load.Goals;

/// <summary>P7: whether a change costs more to write for a patient who has decided much. With the ledger paused, one change after the other, so that the log holds them and little else.</summary>
internal static class WalGoal
{
    private static readonly Goal Bytes = new("P7", "WAL bytes per change for a patient with 1,000 consents ÷ with 1", 1.5, 1.1, MoreIsBetter: false);
    private const int Consents = 1_000, Changes = 400;

    public static async Task<IReadOnlyList<GoalResult>> MeasureAsync(GoalContext context, CancellationToken stop)
    {
        var (system, database) = (context.System, new DatabaseCounters(context.System.Database));
        var patients = await Population.PatientsAsync(system, 2, stop);
        var practitioner = (await Population.PractitionersAsync(system, 1, stop))[0];
        using var client = new GraphQLClient(system.NextUrl());
        foreach (var (patient, consents) in new[] { (patients[0], Consents), (patients[1], 1) })
        {
            for (var made = 0; made < consents; made++)
                await GrantAsync(patient, Guid.NewGuid());
        }
        await LaneSwitch.PauseAsync(system, stop);
        List<double> ratios = [];
        List<string> raw = [];
        for (var repeat = 1; repeat <= context.Plan.Repeats; repeat++)
        {
            context.Line.Say($"P7 {repeat}: {Changes} changes of each of two patients");
            var (many, one) = (await PerChangeAsync(patients[0]), await PerChangeAsync(patients[1]));
            ratios.Add(many / one);
            raw.Add(string.Create(CultureInfo.InvariantCulture, $"{many:0} ÷ {one:0} bytes per change"));
        }
        await LaneSwitch.ResumeAsync(system, stop);
        return [new GoalResult(Bytes, ratios, raw, "goals --only P7")];

        async Task<double> PerChangeAsync(Party patient)
        {
            var before = await QuietAsync();
            for (var change = 0; change < Changes; change += 2)
                await RevokeAsync(patient, await GrantAsync(patient, practitioner.Id));
            return (await QuietAsync() - before) / (double)Changes;
        }

        // The index of who shares is written after the answer: wait until nothing more comes.
        async Task<long> QuietAsync()
        {
            for (var last = await database.WalBytesAsync(stop); ;)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), stop);
                var now = await database.WalBytesAsync(stop);
                if (now == last)
                    return now;
                last = now;
            }
        }

        async Task<string> GrantAsync(Party patient, Guid grantee)
        {
            using var answer = await client.AskAsync(
                patient.Token, ConsentChanges.Grant, stop, ("c", Population.NewId()), ("p", patient.Id.ToString("D")), ("d", grantee.ToString("D")));
            return answer.RootElement.GetProperty("data").GetProperty("grantConsent").GetProperty("consent").GetProperty("id").GetString()!;
        }

        async Task RevokeAsync(Party patient, string consent)
        {
            using var answer = await client.AskAsync(
                patient.Token, ConsentChanges.Revoke, stop, ("c", Population.NewId()), ("p", patient.Id.ToString("D")), ("k", consent));
        }
    }
}
