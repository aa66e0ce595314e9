using Hrms.Contracts;

namespace Hrms.Api.Ingestion;

/// <summary>The samples read so far, a column each for kind, time, value and unit.</summary>
internal sealed class SampleColumns(int expected)
{
    private readonly List<SampleKind> _kinds = new(Math.Min(expected, SampleLimits.BatchSamplesMax));
    private readonly List<long> _times = new(Math.Min(expected, SampleLimits.BatchSamplesMax));
    private readonly List<double> _values = new(Math.Min(expected, SampleLimits.BatchSamplesMax));
    private readonly List<SampleUnit> _units = new(Math.Min(expected, SampleLimits.BatchSamplesMax));

    public int Count => _times.Count;

    public void Add(SampleKind kind, long time, double value, SampleUnit unit)
    {
        _kinds.Add(kind);
        _times.Add(time);
        _values.Add(value);
        _units.Add(unit);
    }

    public SampleBatch ToBatch(CommandId command, byte[] fingerprint) =>
        new(command, fingerprint, [.. _kinds], [.. _times], [.. _values], [.. _units]);
}
