using Hrms.Embedded;
using Hrms.Load.Reports;
using Hrms.Load.Running;

namespace Hrms.Load;

/// <summary>A run that can't be made says why, and its exit code is 2. What was interrupted is neither: it goes on up.</summary>
internal static class RunGuard
{
    public const int Held = 0, Missed = 1, NotMade = 2;

    public static async Task<int> RunAsync(ProgressLine line, CancellationToken stop, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception fault) when (IsFault(fault, stop))
        {
            line.Say(Describe(fault));
            return NotMade;
        }
    }

    /// <summary>Anything but that somebody interrupted the run: a connection that breaks, a server that refuses, a program that does not start.</summary>
    public static bool IsFault(Exception fault, CancellationToken stop) => fault is not OperationCanceledException || !stop.IsCancellationRequested;

    /// <summary>Our own say where and what to do; of the others the kind helps whoever looks for it.</summary>
    public static string Describe(Exception fault) =>
        fault is LoadFaultException or RequestFailedException or EmbeddedServiceException ? fault.Message : $"{fault.GetType().Name}: {fault.Message}";
}
