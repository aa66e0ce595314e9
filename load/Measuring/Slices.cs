using System.Diagnostics;
using HdrHistogram;
using Hrms.Load.Running;

namespace Hrms.Load.Measuring;

/// <summary>A long round in parts of equal length, each with latencies, failures and CPU of its own: whether the last is like the first. A step is of the part in which it was due.</summary>
internal sealed class Slices(TimeSpan each, CpuMeter cpu, long began)
{
    private readonly Lock _gate = new();
    private readonly List<(LongHistogram Micros, long Failed)> _parts = [];
    private readonly List<IReadOnlyDictionary<string, double>> _cpu = [cpu.Read()];

    public void Answered(long due, long micros)
    {
        lock (_gate)
            _parts[IndexOf(due)].Micros.RecordValue(micros);
    }

    public void Refused(long due)
    {
        lock (_gate)
            _parts[IndexOf(due)] = _parts[IndexOf(due)] with { Failed = _parts[IndexOf(due)].Failed + 1 };
    }

    /// <summary>Reads the CPU at the end of each part, and at the end of all.</summary>
    public async Task ReadCpuAsync(Task running)
    {
        while (!running.IsCompleted)
        {
            var next = (_cpu.Count * each) - Stopwatch.GetElapsedTime(began);
            if (next > TimeSpan.Zero && await Task.WhenAny(running, Task.Delay(next)) == running)
                break;
            _cpu.Add(cpu.Read());
        }
        _cpu.Add(cpu.Read());
    }

    public IReadOnlyList<Measurement> Cut(string what) =>
    [
        .. _parts.Select((part, i) => new Measurement(
            what, part.Micros.TotalCount, part.Failed, each.TotalSeconds, Latency.Of(part.Micros),
            // What is still answered after the last part was due is the last part's.
            CpuMeter.PerStep(_cpu[Math.Min(i, _cpu.Count - 1)], i == _parts.Count - 1 ? _cpu[^1] : _cpu[Math.Min(i + 1, _cpu.Count - 1)], part.Micros.TotalCount), null, []) { Micros = part.Micros }),
    ];

    private int IndexOf(long due)
    {
        var index = Math.Max(0, (int)(Stopwatch.GetElapsedTime(began, due) / each));
        while (_parts.Count <= index)
            _parts.Add((CopyFigures.NewHistogram(), 0));
        return index;
    }
}
