using System.Diagnostics;

namespace Hrms.Load.Measuring;

/// <summary>How copies of a scenario are let loose. One for each run: it counts what it has let go.</summary>
/// <param name="Copies">So many clients, each with one step under way.</param>
/// <param name="During">How long new steps begin.</param>
internal abstract record LoadSimulation(int Copies, TimeSpan During)
{
    /// <summary>Waits until a copy's next step is due and says when that is, in <see cref="Stopwatch"/> ticks; null: there are no more.</summary>
    public abstract ValueTask<long?> NextAsync(int copy, long began, CancellationToken stop);

    /// <summary>Steps that were due and never sent, since no copy was free for too long. They count as failed.</summary>
    public virtual long Unsent => 0;

    protected static async ValueTask UntilAsync(TimeSpan due, long began, CancellationToken stop)
    {
        var passed = Stopwatch.GetElapsedTime(began);
        if (due > passed)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling((due - passed).TotalMilliseconds)), stop);
    }
}

/// <summary>A closed model: each copy begins its next step when it has the answer to the last.</summary>
internal sealed record KeepConstant(int Copies, TimeSpan During) : LoadSimulation(Copies, During)
{
    public override ValueTask<long?> NextAsync(int copy, long began, CancellationToken stop) =>
        ValueTask.FromResult<long?>(copy < Copies && Stopwatch.GetElapsedTime(began) < During ? Stopwatch.GetTimestamp() : null);
}

/// <summary>A closed model whose copies come, or leave, one after the other until there are so many.</summary>
/// <param name="From">How many there are at first.</param>
/// <param name="To">How many there are at the end.</param>
internal sealed record RampingConstant(int From, int To, TimeSpan During) : LoadSimulation(Math.Max(From, To), During)
{
    public override async ValueTask<long?> NextAsync(int copy, long began, CancellationToken stop)
    {
        if (From <= copy && copy < To)
            await UntilAsync(During * ((copy - From + 1) / (double)(To - From)), began, stop);
        var leaves = copy < To ? During : copy < From ? During * ((From - copy) / (double)(From - To)) : TimeSpan.Zero;
        return Stopwatch.GetElapsedTime(began) < leaves ? Stopwatch.GetTimestamp() : null;
    }
}

/// <summary>Nothing, for a while: what the system does when it is left alone shows in what follows.</summary>
internal sealed record Pause(TimeSpan During) : LoadSimulation(1, During)
{
    public override async ValueTask<long?> NextAsync(int copy, long began, CancellationToken stop)
    {
        await UntilAsync(During, began, stop);
        return null;
    }
}

/// <summary>Simulations one after the other, each from its own beginning.</summary>
internal sealed record Sequence(IReadOnlyList<LoadSimulation> Parts)
    : LoadSimulation(Parts.Max(part => part.Copies), Parts.Aggregate(TimeSpan.Zero, (sum, part) => sum + part.During))
{
    public override long Unsent => Parts.Sum(part => part.Unsent);

    public override async ValueTask<long?> NextAsync(int copy, long began, CancellationToken stop)
    {
        foreach (var part in Parts)
        {
            var end = began + Ticks(part.During);
            // A part that this copy is not of, or has done with, is waited for.
            if (copy < part.Copies && await part.NextAsync(copy, began, stop) is { } due)
                return due;
            await UntilAsync(part.During, began, stop);
            began = end;
        }
        return null;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
