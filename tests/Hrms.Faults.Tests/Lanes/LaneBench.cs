using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Grains.Ledger;
using Hrms.Ledger;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Signing;
using Hrms.Ledger.Wire;
using Hrms.Storage.Journal;
using Hrms.Storage.Lanes;
using Hrms.Storage.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hrms.Faults.Tests.Lanes;

/// <summary>
/// A lane's writer with nothing around it: a database and a contract of its own, on a real PostgreSQL and a real node behind one that misbehaves. A test
/// steps the writer itself, so that each fault falls into one known moment.
/// </summary>
internal sealed class LaneBench : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder _folder = new();
    private readonly NpgsqlDataSource _database;
    private readonly ServiceProvider _services;
    private readonly Guid _stream = Guid.NewGuid();
    private readonly HttpClient _http = new();
    private (long Version, byte[] Leaf) _head = (0, Leaf.Genesis);

    private LaneBench(string connectionString, Uri node, MisbehavingNode proxy, Action<LedgerOptions>? configure)
    {
        (ConnectionString, NodeUrl, Node) = (connectionString, node, proxy);
        _database = NpgsqlDataSource.Create(connectionString);
        Store = new PostgresLaneStore(_database);
        Journal = new PostgresJournal(_database, new JournalOptions(), TimeProvider.System, NullLogger<PostgresJournal>.Instance);
        _services = new ServiceCollection().AddLogging().AddSingleton<ILaneStore>(Store).AddHrmsLedger(options =>
        {
            options.Nodes = [proxy.Url.ToString()];
            (options.Embedded, options.KeyFile, options.CallTimeout) = (true, _folder["lanes.json"], TimeSpan.FromSeconds(30));
            configure?.Invoke(options);
        }).BuildServiceProvider();
        Pump = NewPump();
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string ConnectionString { get; }

    /// <summary>The real node.</summary>
    public Uri NodeUrl { get; private set; }

    /// <summary>What stands before it.</summary>
    public MisbehavingNode Node { get; }

    public PostgresLaneStore Store { get; }

    public PostgresJournal Journal { get; }

    public ILedger Ledger => _services.GetRequiredService<ILedger>();

    public ISigner Key => _services.GetRequiredService<ILaneKeys>().Lane(0);

    public LanePump Pump { get; private set; }

    public List<LedgerBatch> Told { get; } = [];

    /// <summary>What the writer logged last.</summary>
    public LastWords Logged { get; } = new();

    public LedgerWriterOptions Options { get; } = new()
    {
        HealByItself = true, Cadence = TimeSpan.Zero, ReceiptPoll = TimeSpan.FromMilliseconds(5), ResendAfter = TimeSpan.FromMilliseconds(150),
        RetryAfter = TimeSpan.FromMilliseconds(20), StoppedFor = TimeSpan.Zero, LeavesMax = 4,
        // However busy the machine is, no receipt counts as lost but in the test of that.
        ReceiptLostAfter = TimeSpan.FromMinutes(30),
    };

    public static async Task<LaneBench> StartAsync(PostgresFixture postgres, EvmNodeFixture node, Action<LedgerOptions>? configure = null)
    {
        var connectionString = await postgres.CreateDatabaseAsync("lane");
        var bench = new LaneBench(connectionString, node.RpcUrl, await MisbehavingNode.StartAsync(node.RpcUrl), configure);
        await SchemaMigrator.ApplyAsync(bench._database, Cancellation);
        return bench;
    }

    /// <summary>Another writer of the lane, as a restarted or a second process has it.</summary>
    public LanePump NewPump(ILedger? ledger = null) => Pump = new LanePump(
        0, 1, Store, ledger ?? Ledger, new Entropy(), TimeProvider.System, Options, Logged, Told.Add);

    /// <summary>Adds events to the journal, of which each may be a revocation.</summary>
    public async Task ChangeAsync(int count = 1, bool revoke = false)
    {
        for (var i = 0; i < count; i++)
        {
            var (salt, payload) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(60));
            var leaf = Leaf.Compute(salt, _stream, _head.Version + 1, _head.Leaf, payload);
            var entry = new JournalEntry(EntryKind.Change, TimeProvider.System.GetUtcNow(), _head.Leaf, salt, leaf, payload, revoke ? RandomNumberGenerator.GetBytes(32) : null);
            // Written or not, the same append again is the same event: its leaf tells.
            for (var tries = 0; ; tries++)
            {
                try
                {
                    await Journal.AppendAsync(new JournalAppend(new StreamId(_stream), _head.Version, [entry], []), Cancellation);
                    break;
                }
                catch (JournalUnavailableException) when (tries < 10)
                {
                }
            }
            _head = (_head.Version + 1, leaf);
        }
    }

    /// <summary>Steps the writer until something holds.</summary>
    public async Task UntilAsync(Func<bool> holds, LanePump? pump = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        while (!holds())
        {
            Assert.False(limit.IsCancellationRequested, $"Not within {Limit}: the lane is {Pump.State}, {Pump.OpenCount} open, last {Pump.Last?.Number}; {Pump.Alarm}");
            await (pump ?? Pump).StepAsync(limit.Token);
        }
    }

    public Task StoppedAsync() => UntilAsync(() => Pump.State == LaneState.Stopped);

    /// <summary>Steps the writer until every event is in a batch with a receipt.</summary>
    public async Task QuietAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        do
        {
            if (limit.IsCancellationRequested)
                Assert.Fail($"Not within {Limit}: the lane is {Pump.State}, {Pump.OpenCount} open, last {Pump.Last?.Number}; {Pump.Alarm}; {await ShownAsync()}");
            await Pump.StepAsync(limit.Token);
        }
        while (Pump.State != LaneState.Running || Pump.OpenCount > 0 || await Store.BacklogAsync(0, 1, Pump.Cursor, 1, Cancellation) > 0);
    }

    /// <summary>Quiet, and what has to hold after every fault: see <see cref="Invariants"/>.</summary>
    public async Task<LedgerAudit> HoldsAsync()
    {
        await QuietAsync();
        return await Invariants.LedgerAsync(ConnectionString, NodeUrl);
    }

    /// <summary>A call of the real node, such as anvil's own.</summary>
    public async Task<JsonElement> RpcAsync(string method, params object[] parameters)
    {
        using var answer = await _http.PostAsJsonAsync(NodeUrl, new { jsonrpc = "2.0", id = 1, method, @params = parameters }, Cancellation);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return json.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException($"{method} was refused: {json}");
    }

    /// <summary>Somebody else uses the lane's key: a transaction that does nothing of ours, at a nonce.</summary>
    public async Task UseNonceAsync(ulong nonce)
    {
        var chain = Number(await RpcAsync("eth_chainId"));
        var (bytes, _) = new LegacyTransaction(nonce, 50_000, Key.Address, [1]).Sign(Key, chain);
        await RpcAsync("eth_sendRawTransaction", Hex.Of(bytes));
    }

    /// <summary>While nothing is mined.</summary>
    public async Task HaltedAsync(Func<Task> meanwhile, bool mine = true)
    {
        await RpcAsync("evm_setAutomine", false);
        try
        {
            await meanwhile();
        }
        finally
        {
            await RpcAsync("evm_setAutomine", true);
            if (mine)
                await RpcAsync("anvil_mine", "0x1");
        }
    }

    /// <summary>The installation's own vote: it is the one member of the consortium that governs the contract.</summary>
    public async Task VoteAsync(AbiCall action)
    {
        var administrator = _services.GetRequiredService<ILaneKeys>().Administrator;
        var nonce = Number(await RpcAsync("eth_getTransactionCount", administrator.Address.ToString(), "latest"));
        var vote = new LegacyTransaction(nonce, 1_000_000, Deployment.ConsortiumOf(administrator.Address), ConsortiumCalls.Propose(action.Encode()));
        await MineAsync(vote.Sign(administrator, Number(await RpcAsync("eth_chainId"))).Transaction);
    }

    /// <summary>Sends past the writer, and waits for the block: a node that is kept busy makes it after it has answered.</summary>
    public async Task MineAsync(byte[] transaction)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        var hash = (await RpcAsync("eth_sendRawTransaction", Hex.Of(transaction))).GetString()!;
        while ((await RpcAsync("eth_getTransactionReceipt", hash)).ValueKind == JsonValueKind.Null)
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
    }

    /// <summary>From now on the contract is a consortium's: it is never deployed by this installation.</summary>
    public void BecomesMemberOf(byte[] contract)
    {
        var options = _services.GetRequiredService<IOptions<LedgerOptions>>().Value;
        (options.Embedded, options.ContractAddress, Options.HealByItself) = (false, Hex.Of(contract), false);
    }

    /// <summary>The nodes' address leads to another node from now on.</summary>
    public void LeadTo(Uri node)
    {
        Node.LeadTo(node);
        NodeUrl = node;
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>What node and rows hold of the lane's key, for the message of a test that waited in vain.</summary>
    private async Task<string> ShownAsync() =>
        $"{Logged}; mined {await MinedAsync()}; automine {await RpcAsync("anvil_getAutomine")}; pool {await RpcAsync("txpool_content")}; open "
        + await ScalarAsync<string>("select coalesce(string_agg(format('%s/%s at %s', number, attempt, nonce), ', '), 'none') from ledger_batch_now where block_number is null");

    public async Task<ulong> MinedAsync() => Number(await RpcAsync("eth_getTransactionCount", Key.Address.ToString(), "latest"));

    private static ulong Number(JsonElement quantity) => ulong.Parse(quantity.GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await _services.DisposeAsync();
        await Node.DisposeAsync();
        await _database.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    internal sealed class LastWords : ILogger
    {
        private const int Kept = 5;
        private readonly Queue<string> _lines = [];

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _lines.Enqueue(formatter(state, exception));
            if (_lines.Count > Kept)
                _lines.Dequeue();
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public override string ToString() => string.Join(" | ", _lines);
    }

    private sealed class Entropy : IEntropy
    {
        public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
    }
}
