namespace Hrms.Contracts;

/// <summary>The limits of wearable samples, in one place.</summary>
public static class SampleLimits
{
    /// <summary>Most samples in one call: 2 h 46 min at one a second.</summary>
    public const int BatchSamplesMax = 10_000;

    /// <summary>Most points in one page of an answer.</summary>
    public const int PagePointsMax = 10_000;

    /// <summary>Largest body after decompression: 400 bytes a sample, four times what a plain one takes.</summary>
    public const int BodyBytesMax = 4 * 1024 * 1024;

    /// <summary>A device's clock may be this far ahead of ours.</summary>
    public static readonly TimeSpan ClockSkewMax = TimeSpan.FromMinutes(5);

    /// <summary>Older times are a device's unset clock (1970, 1980), not measurements.</summary>
    public static readonly DateTimeOffset TimeMin = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
