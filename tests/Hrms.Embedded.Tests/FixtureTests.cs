using Hrms.TestKit;

namespace Hrms.Embedded.Tests;

/// <summary>The fixtures that the other test projects stand on.</summary>
public sealed class FixtureTests(PostgresFixture postgres, EvmNodeFixture ledger) : IClassFixture<PostgresFixture>, IClassFixture<EvmNodeFixture>
{
    [Fact]
    public async Task EachDatabase_IsEmptyAndItsOwn()
    {
        var first = await postgres.CreateDatabaseAsync();
        var second = await postgres.CreateDatabaseAsync("named");
        await Sql.RunAsync(first, "CREATE TABLE note (text text)");
        Assert.Equal("0", await Sql.RunAsync(second, "SELECT count(*) FROM pg_tables WHERE tablename = 'note'"));
        Assert.Contains("_named_", await Sql.RunAsync(second, "SELECT current_database()"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_Answers() => Assert.NotEqual(0, await Rpc.NumberAsync(ledger.RpcUrl, "eth_chainId"));

    [Fact]
    public void SampleDataThatIsMissing_SkipsTheTest()
    {
        try
        {
            SampleData.Find("no-such-sample");
        }
        catch (Exception skipped) when (skipped.Message.Contains(SampleData.FolderVariable, StringComparison.Ordinal))
        {
            return;                                             // Assert.Throws would pass a skip on to the runner
        }
        Assert.Fail("A missing sample was not noticed.");
    }
}
