using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Grains.Journaling;
using Hrms.Grains.Ledger;
using Hrms.Grains.PatientKeys;
using Hrms.Ledger;
using Hrms.Ledger.Signing;
using Hrms.Storage.Lanes;
using Hrms.Storage.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Hrms.Faults.Tests.PatientKeys;

/// <summary>The registrar of patients' keys with nothing around it: a database and contracts of its own, on a real PostgreSQL and a real node. A test steps it itself.</summary>
internal sealed class PatientKeyBench : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly string Registered = Hex.Of(Keccak256.Hash("PatientKeyRegistered(bytes32,bytes32)"u8)), Retired = Hex.Of(Keccak256.Hash("PatientKeyRetired(bytes32)"u8));
    private readonly TemporaryFolder _folder = new();
    private readonly NpgsqlDataSource _database;
    private readonly ServiceProvider _services;
    private readonly HttpClient _http;

    private PatientKeyBench(string connectionString, Uri node)
    {
        _database = NpgsqlDataSource.Create(connectionString);
        _http = new HttpClient { BaseAddress = node };
        (Queue, Store) = (new PostgresPatientKeyQueue(_database), new PostgresLaneStore(_database));
        _services = new ServiceCollection().AddLogging().AddSingleton<ILaneStore>(Store).AddHrmsLedger(options =>
        {
            options.Nodes = [node.ToString()];
            (options.Embedded, options.KeyFile, options.RegistersPatientKeys) = (true, _folder["lanes.json"], true);
        }).BuildServiceProvider();
        Pump = NewPump();
    }

    public PostgresPatientKeyQueue Queue { get; }

    public PostgresLaneStore Store { get; }

    public PatientKeyPump Pump { get; private set; }

    public LedgerWriterOptions Options { get; } = new()
    {
        ReceiptPoll = TimeSpan.FromMilliseconds(5), ResendAfter = TimeSpan.FromMilliseconds(150), RetryAfter = TimeSpan.FromMilliseconds(20), StoppedFor = TimeSpan.Zero,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ISigner Key => _services.GetRequiredService<ILaneKeys>().Lane(1);

    public static async Task<PatientKeyBench> StartAsync(PostgresFixture postgres, EvmNodeFixture node)
    {
        var bench = new PatientKeyBench(await postgres.CreateDatabaseAsync("keys"), node.RpcUrl);
        await SchemaMigrator.ApplyAsync(bench._database, Cancellation);
        return bench;
    }

    /// <summary>Another registrar, as a restarted or a second process has it.</summary>
    public PatientKeyPump NewPump() => Pump = new PatientKeyPump(
        new LaneOptions { LaneCount = 1, RegistersPatientKeys = true }, Queue, Store, _services.GetRequiredService<ILedger>(), _services.GetRequiredService<IPatientKeyLedger>(),
        new Entropy(), TimeProvider.System, Options, NullLogger.Instance);

    /// <summary>A new key in the queue.</summary>
    public async Task<byte[]> AddAsync()
    {
        var pseudonym = RandomNumberGenerator.GetBytes(32);
        await Queue.AddAsync(pseudonym, RandomNumberGenerator.GetBytes(32), Cancellation);
        return pseudonym;
    }

    /// <summary>Steps the registrar until it has nothing to do.</summary>
    public async Task QuietAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        while (await Pump.StepAsync(limit.Token) != LaneStep.Rest)
            Assert.False(limit.IsCancellationRequested, $"Not within {Limit}.");
    }

    /// <summary>Steps it until so many changes are on the chain, whatever it still wants to do.</summary>
    public async Task UntilShownAsync(int changes)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        while ((await ShownAsync()).Count < changes)
        {
            Assert.False(limit.IsCancellationRequested, $"Not within {Limit}.");
            await Pump.StepAsync(limit.Token);
        }
    }

    /// <summary>The pseudonyms that the contract told of, in order, and whether as retired.</summary>
    public async Task<IReadOnlyList<(string Pseudonym, bool Retired)>> ShownAsync()
    {
        if (await Queue.RegisterAsync(Cancellation) is not { } register)
            return [];
        var logs = await RpcAsync("eth_getLogs", new { address = Hex.Of(register.Contract), fromBlock = "0x0", toBlock = "latest", topics = new[] { new[] { Registered, Retired } } });
        return [.. logs.EnumerateArray().Select(log => log.GetProperty("topics")).Select(topics => (topics[1].GetString()!, topics[0].GetString() == Retired))];
    }

    /// <summary>A call of the node, such as anvil's own.</summary>
    public async Task<JsonElement> RpcAsync(string method, params object[] parameters)
    {
        using var answer = await _http.PostAsJsonAsync("", new { jsonrpc = "2.0", id = 1, method, @params = parameters }, Cancellation);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return json.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException($"{method} was refused: {json}");
    }

    /// <summary>Somebody else uses the registrar's key: a transaction that does nothing of ours, at its next nonce.</summary>
    public async Task UseNonceAsync()
    {
        var nonce = Number(await RpcAsync("eth_getTransactionCount", Key.Address.ToString(), "latest"));
        var (bytes, _) = new LegacyTransaction(nonce, 50_000, Key.Address, [1]).Sign(Key, Number(await RpcAsync("eth_chainId")));
        await RpcAsync("eth_sendRawTransaction", Hex.Of(bytes));
    }

    /// <summary>The senders of all transactions that went to the register.</summary>
    public async Task<IReadOnlyList<string>> SendersAsync()
    {
        var contract = Hex.Of((await Queue.RegisterAsync(Cancellation))!.Contract);
        List<string> senders = [];
        for (var number = Number(await RpcAsync("eth_blockNumber")); number > 0; number--)
            senders.AddRange((await RpcAsync("eth_getBlockByNumber", $"0x{number:x}", true)).GetProperty("transactions").EnumerateArray()
                .Where(transaction => transaction.GetProperty("to").GetString() == contract).Select(transaction => transaction.GetProperty("from").GetString()!));
        return senders;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private static ulong Number(JsonElement quantity) => ulong.Parse(quantity.GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private sealed class Entropy : IEntropy
    {
        public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
    }
}
