namespace Hrms.Load.Reports;

/// <summary>The line at the bottom of the terminal that moves while something runs. Where output goes to a file it stays silent; whole lines go there all the same.</summary>
internal sealed class ProgressLine
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private readonly Lock _gate = new();

    /// <summary>A whole line, above the moving one.</summary>
    public void Say(string text)
    {
        lock (_gate)
        {
            Clear();
            Console.Error.WriteLine(text);
        }
    }

    public async Task WatchAsync(Task running, Func<string> text)
    {
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(Interval));
            lock (_gate)
            {
                Clear();
                if (_terminal && !running.IsCompleted)
                    Console.Error.Write(text());
            }
        }
        await running;
    }

    private void Clear()
    {
        if (_terminal)
            Console.Error.Write("\r\u001b[K");
    }
}
