namespace Hrms.Load.Measuring;

/// <summary>What one kind of user does again and again. Prepared once, then stepped by many copies at the same time, then checked.</summary>
internal interface IScenario : IDisposable
{
    /// <summary>In the place of a step's name: it was told BUSY, and counts as failed. A refusal that a crowd is told thousands of times a second is a value, no exception.</summary>
    const string TurnedAway = "turned away (BUSY)";

    string Name { get; }

    /// <summary>What one step does, in the plural: "consent changes".</summary>
    string Unit { get; }

    /// <summary>Makes what the steps need. Not measured.</summary>
    Task PrepareAsync(Action<string> progress, CancellationToken stop);

    /// <summary>One step of one copy, answered and checked when it returns. A copy makes one step at a time.</summary>
    /// <returns>The step's name: those of one name have figures of their own, and marks. Or <see cref="TurnedAway"/>.</returns>
    /// <exception cref="Running.RequestFailedException">The answer is not the expected one.</exception>
    Task<string> StepAsync(int copy, CancellationToken stop);

    /// <summary>After all steps: whether the system kept what it acknowledged.</summary>
    Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop);
}

/// <summary>A scenario whose step is a way of several requests: each is timed by itself, too.</summary>
internal interface IComposedScenario : IScenario
{
    /// <summary>Told by a copy of each part that was answered as expected: the copy, the part's name, and how long it took. The runner listens while it measures.</summary>
    Action<int, string, TimeSpan>? PartAnswered { get; set; }
}

/// <summary>Something that must hold for the run to pass, and what was found.</summary>
internal sealed record Threshold(string Name, bool Holds, string Found);
