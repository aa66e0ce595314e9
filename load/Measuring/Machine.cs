using System.Globalization;

namespace Hrms.Load.Measuring;

/// <summary>What every figure depends on and should be read with.</summary>
internal static class Machine
{
    /// <summary>Over the last minute (proc(5), loadavg); null on other systems.</summary>
    public static double? LoadAverage() =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null;

    public static string Describe() => $"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {Environment.OSVersion}, {(IsRelease ? "Release" : "Debug")} build";

#if DEBUG
    public static bool IsRelease => false;
#else
    public static bool IsRelease => true;
#endif
}
