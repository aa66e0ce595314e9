namespace Hrms.Faults.Tests.Harness;

/// <summary>Where a silo runs: this machine, or a network of its own that stands for another one.</summary>
/// <param name="Enter">The command that runs a program there; none for here.</param>
/// <param name="Settings">What a silo's environment has there besides.</param>
internal sealed record Machine(IReadOnlyList<string> Enter, IReadOnlyList<(string Name, string? Value)> Settings)
{
    public static Machine Here(params (string Name, string? Value)[] settings) => new([], settings);
}
