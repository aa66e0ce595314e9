using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>Devices of patients send a heart rate each second, in batches as a phone does when it is on-line again. Each client is a device of its own, with a key of its own, and signs each batch.</summary>
internal sealed class WearableIntake(RunningSystem system, int copies) : IScenario
{
    public const int SamplesEach = 1_000;

    private const string Hours =
        "query($p:ID!,$f:DateTimeOffset!,$u:DateTimeOffset!){patient(id:$p){samples(kind:HEART_RATE,from:$f,until:$u,resolution:DAY,first:1000){points{count}}}}";

    private WearableDevice[] _devices = [];

    public string Name => "wearables";

    public string Unit => $"batches of {SamplesEach} samples";

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        progress($"Registering {copies} patients with a device each");
        var patients = await Population.PatientsAsync(system, copies, stop);
        _devices = new WearableDevice[copies];
        await Population.ForEachAsync(system, [.. Enumerable.Range(0, copies)], async (client, i) => _devices[i] = await WearableDevice.EnrolAsync(system, client, patients[i], i, stop), stop);
    }

    public async Task<string> StepAsync(int copy, CancellationToken stop)
    {
        await _devices[copy].SendAsync(SamplesEach, stop);
        return "send";
    }

    public async Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop) =>
        [await KeptAsync(progress, stop), .. await LedgerCheck.RunAsync(system, [.. _devices.Select(device => device.Patient)], progress, stop)];

    public async Task<Threshold> KeptAsync(Action<string> progress, CancellationToken stop)
    {
        progress($"Counting the samples of {copies} devices");
        var (wrong, all) = (0, 0L);
        await Population.ForEachAsync(system, _devices, async (client, device) =>
        {
            using var answer = await client.AskAsync(
                device.Patient.Token, Hours, stop, ("p", device.Patient.Id.ToString("D")), ("f", WearableDevice.First.ToString("O")), ("u", device.Next.ToString("O")));
            var count = answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("samples").GetProperty("points").EnumerateArray().Sum(point => point.GetProperty("count").GetInt64());
            Interlocked.Add(ref all, count);
            if (count < device.Acknowledged || count > device.Sent)
                Interlocked.Increment(ref wrong);
        }, stop);
        return new Threshold("every acknowledged sample is there once", wrong == 0, $"{all} samples, {wrong} devices with other counts than acknowledged");
    }

    public void Dispose()
    {
        foreach (var device in _devices)
            device.Dispose();
    }
}
