namespace Hrms.Load.Measuring;

/// <summary>What one kind of user does again and again. Prepared once, then stepped by many copies at the same time, then checked.</summary>
internal interface IScenario : IDisposable
{
    string Name { get; }

    /// <summary>What one step does, in the plural: "consent changes".</summary>
    string Unit { get; }

    /// <summary>Makes what the steps need. Not measured.</summary>
    Task PrepareAsync(Action<string> progress, CancellationToken stop);

    /// <summary>One step of one copy, answered and checked when it returns. A copy makes one step at a time.</summary>
    /// <returns>The step's name: those of one name have figures of their own, and marks.</returns>
    /// <exception cref="Running.RequestFailedException">The answer is not the expected one.</exception>
    Task<string> StepAsync(int copy, CancellationToken stop);

    /// <summary>After all steps: whether the system kept what it acknowledged.</summary>
    Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop);
}

/// <summary>Something that must hold for the run to pass, and what was found.</summary>
internal sealed record Threshold(string Name, bool Holds, string Found);
