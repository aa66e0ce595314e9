namespace Hrms.Api.Hosting;

/// <summary>The command line hears SIGTERM and Ctrl-C, and stops the host in its own time; by default the host would hear them, too, and stop at once.</summary>
internal sealed class StoppedByCommand : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
