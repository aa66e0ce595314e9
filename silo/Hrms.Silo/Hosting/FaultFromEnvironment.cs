using System.Diagnostics;
using System.Globalization;
using Hrms.Domain.Ports;

namespace Hrms.Silo.Hosting;

/// <summary>
/// A host that is started for a test ends itself, as kill -9 would, the first time it passes a named point (<c>HRMS_KILL_AT=ledger.after-store</c>), or has a machine whose clock is wrong by
/// so many seconds (<c>HRMS_MACHINE_CLOCK_AHEAD=-600</c>). Heard in the embedded mode only.
/// </summary>
internal static class FaultFromEnvironment
{
    public const string Variable = "HRMS_KILL_AT";

    public const string ClockVariable = "HRMS_MACHINE_CLOCK_AHEAD";

    /// <summary>The clock of a machine that has it wrong; null: nobody said so.</summary>
    public static TimeProvider? MachineClock() =>
        Environment.GetEnvironmentVariable(ClockVariable) is { Length: > 0 } seconds ? new WrongClock(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture))) : null;

    private sealed class WrongClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }

    public static void Arm()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } named)
            return;
        IReadOnlyList<string> points = [.. Fault.All, .. Fault.OfErasure, .. Fault.OfPatientKeys];
        if (!points.Contains(named))
            throw new InvalidOperationException($"{Variable} names no point: {named}. There are {string.Join(", ", points)}.");
        Fault.Handle(point =>
        {
            if (point == named)
                Process.GetCurrentProcess().Kill();
            return default;
        });
    }
}
