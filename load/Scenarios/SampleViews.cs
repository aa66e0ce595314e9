using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>
/// Patients look at a day of their heart rate, hour by hour. Before that each one's device has sent all of the day's 86,400 samples; every look is decided, noted, and computed from what is stored, and has to show each hour with
/// every sample of it.
/// </summary>
internal sealed class SampleViews(RunningSystem system, int copies, int patientCount) : IScenario
{
    private const int Hours = 24, SamplesEachHour = 3_600, PatientsMax = 16;

    private const string View =
        "query($p:ID!,$f:DateTimeOffset!,$u:DateTimeOffset!){patient(id:$p){samples(kind:HEART_RATE,from:$f,until:$u,resolution:HOUR,first:24){points{time count min mean max}}}}";

    private readonly GraphQLClient[] _clients = [.. Enumerable.Range(0, copies).Select(_ => new GraphQLClient(system.NextUrl()))];
    private readonly int[] _steps = new int[copies];
    private IReadOnlyList<Party> _patients = [];

    public string Name => "samples";

    public string Unit => "days by the hour";

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        var count = Math.Min(PatientsMax, patientCount);
        progress($"Registering {count} patients with a device each, which sends a day of {Hours * SamplesEachHour} samples");
        _patients = await Population.PatientsAsync(system, count, stop);
        await Population.ForEachAsync(system, [.. Enumerable.Range(0, count)], async (client, i) =>
        {
            using var device = await WearableDevice.EnrolAsync(system, client, _patients[i], i, stop);
            for (var hour = 0; hour < Hours; hour++)
                await device.SendAsync(SamplesEachHour, stop);
        }, stop);
    }

    public async Task<string> StepAsync(int copy, CancellationToken stop)
    {
        await LookAsync(_clients[copy], _patients[(copy + (_steps[copy]++ * copies)) % _patients.Count], stop);
        return "look";
    }

    public async Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop)
    {
        var whole = 0;
        await Population.ForEachAsync(system, _patients, async (client, patient) =>
        {
            await LookAsync(client, patient, stop);
            Interlocked.Increment(ref whole);
        }, stop);
        return [new Threshold("every sample of each day is there once", whole == _patients.Count, $"{whole} days of {Hours * SamplesEachHour} samples"), .. await LedgerCheck.RunAsync(system, _patients, progress, stop)];
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }

    private static async Task LookAsync(GraphQLClient client, Party patient, CancellationToken stop)
    {
        using var answer = await client.AskAsync(
            patient.Token, View, stop, ("p", patient.Id.ToString("D")), ("f", WearableDevice.First.ToString("O")), ("u", WearableDevice.First.AddHours(Hours).ToString("O")));
        var points = answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("samples").GetProperty("points");
        if (points.GetArrayLength() != Hours || points.EnumerateArray().Any(point => point.GetProperty("count").GetInt32() != SamplesEachHour))
            throw new RequestFailedException($"{points.GetArrayLength()} hours, with {string.Join(", ", points.EnumerateArray().Select(point => point.GetProperty("count").GetInt32()))} samples.");
    }
}
