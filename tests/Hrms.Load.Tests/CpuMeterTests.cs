using System.Diagnostics;
using Hrms.Load.Running;

namespace Hrms.Load.Tests;

/// <summary>Whose CPU is counted as whose. Alone: what other tests start and wait for is this process' children's CPU, too.</summary>
[Trait("Feature", "110")]
[Collection(nameof(CpuMeterTests)), CollectionDefinition(nameof(CpuMeterTests), DisableParallelization = true)]
public sealed class CpuMeterTests
{
    // Some of the kernel's ticks.
    private const double Tolerance = 0.04;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnlyWhoIsNamed_IsCounted_AndStaysSoWhenItIsGone()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Empty(new CpuMeter(() => [new(CpuMeter.Node, Environment.ProcessId)]).Read());
            return;
        }
        using Process node = await BusyAsync(), other = await BusyAsync();
        var processes = new List<WatchedProcess> { new(CpuMeter.Node, node.Id) };
        var meter = new CpuMeter(() => processes);

        var (own, there) = (OwnSeconds(), meter.Read());
        Assert.Equal([CpuMeter.Generator, CpuMeter.Node], there.Keys.Order(StringComparer.Ordinal));
        Assert.True(there[CpuMeter.Node] > 5 * Tolerance);

        processes.Clear();
        node.Kill();
        await node.WaitForExitAsync(Cancellation);
        var gone = meter.Read();
        Assert.Equal(there[CpuMeter.Node], gone[CpuMeter.Node], Tolerance);
        // The kernel adds it to its parent, which is this process.
        Assert.InRange(gone[CpuMeter.Generator] - there[CpuMeter.Generator], -Tolerance, OwnSeconds() - own + Tolerance);

        other.Kill();
        await other.WaitForExitAsync(Cancellation);
    }

    private static double OwnSeconds()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>A process that has used some CPU and now waits.</summary>
    private static async Task<Process> BusyAsync()
    {
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "i=0; while [ $i -lt 1000000 ]; do i=$((i+1)); done; echo done; read -r _"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("done", await process.StandardOutput.ReadLineAsync(Cancellation));
        return process;
    }
}
