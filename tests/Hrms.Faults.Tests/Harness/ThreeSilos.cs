namespace Hrms.Faults.Tests.Harness;

/// <summary>
/// Three silos and two API processes over one database with two lanes, for all tests that need no others: each has its own patients, and leaves three silos that are quiet. PostgreSQL and the node are theirs alone, since
/// some kill them. Their traces and metrics are kept, and searched like everybody's. Started by the first that asks, since a fixture can't skip.
/// </summary>
public sealed class ThreeSilos : IAsyncLifetime
{
    internal const int Lanes = 2;
    private const int Count = 3;
    private readonly TemporaryFolder _folder = new();
    private OtlpReceiver? _collector;
    private SeveralProcesses? _all;

    internal OtlpReceiver Collector => _collector!;

    internal PostgresFixture Postgres { get; } = new();

    internal EvmNodeFixture Node { get; } = new();

    internal string Database { get; private set; } = "";

    internal async Task<SeveralProcesses> RunningAsync()
    {
        if (_all is null)
        {
            _collector = await OtlpReceiver.StartAsync(_folder[OtlpReceiver.File], keeps: true);
            Database = await Postgres.CreateDatabaseAsync("three_silos");
            _all = await SeveralProcesses.StartAsync(
                Database, Node.RpcUrl, Count, apis: 2, [("Hrms__LaneCount", $"{Lanes}"), .. _collector.Variables.Select(variable => (variable.Key, (string?)variable.Value))]);
        }
        // In place of what a test killed.
        while (_all.Silos.Count < Count)
            await _all.AddSiloAsync();
        return _all;
    }

    public async ValueTask InitializeAsync()
    {
        await Postgres.InitializeAsync();
        await Node.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_all is not null)
            await _all.DisposeAsync();
        if (_collector is not null)
            await _collector.DisposeAsync();
        await Node.DisposeAsync();
        await Postgres.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>The tests that share them.</summary>
[CollectionDefinition(nameof(ThreeSilos))]
public sealed class ThreeSilosCollection : ICollectionFixture<ThreeSilos>;
