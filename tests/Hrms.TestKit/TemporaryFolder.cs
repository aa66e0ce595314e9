namespace Hrms.TestKit;

/// <summary>
/// A folder of one test's own, removed with everything in it when disposed. Before that every log in it is searched for whatever tests said of persons and for secrets (<see cref="Said"/>): the servers' logs, and what the hosts under
/// test wrote. So all logs of a test run are searched, whatever the test was about.
/// </summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hrms-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (!Directory.Exists(Path))
            return;
        List<string> found = [.. LogSearch.In(Path).Distinct().Take(20)];
        Directory.Delete(Path, recursive: true);
        if (found.Count > 0)
            throw new InvalidOperationException($"A log tells of persons or holds a secret, and must hold ids and counts only: {string.Join("; ", found)}");
    }
}
