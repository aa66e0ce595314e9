using System.Diagnostics;
using Hrms.Domain.Ports;

namespace Hrms.Silo.Hosting;

/// <summary>
/// A host that is started for a test ends itself, as kill -9 would, the first time it passes a named point: <c>HRMS_KILL_AT=ledger.after-store</c>. Heard in
/// the embedded mode only.
/// </summary>
internal static class FaultFromEnvironment
{
    public const string Variable = "HRMS_KILL_AT";

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
