namespace Hrms.Faults.Tests.Privacy;

/// <summary>The search through the logs of all tests, which <see cref="TemporaryFolder"/> does at each one's end, finds what it looks for.</summary>
[Trait("Feature", "85")]
public sealed class LogSearchTests
{
    [Fact]
    public void ALogThatNamesASamplePatient_IsTold_WithItsPlace()
    {
        SampleData.Find("synthea-dev");
        var name = Canaries.OfTheSamples.Texts.First(text => text.Length > 10 && !text.Contains(' ', StringComparison.Ordinal));
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["ledger"]);
        File.WriteAllText(folder["ledger/server.log"], $"A block\nimport of {name.ToUpperInvariant()} failed\n");

        var told = Assert.Throws<InvalidOperationException>(folder.Dispose);

        Assert.Contains($"'{name}' in line 2 of server.log", told.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void ALogOfIdsAndCounts_IsNoneOfIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["silo.log"], $"Information Batch 4 with 17 leaves of lane 1, patient {Guid.NewGuid()}\n");
    }
}
