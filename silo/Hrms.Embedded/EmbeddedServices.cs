using Hrms.Embedded.Processes;

namespace Hrms.Embedded;

/// <summary>
/// The PostgreSQL and the EVM node that a process of ours works with: private ones beside it, or running ones that the
/// environment names. The embedded composition of the api starts them before the silo and disposes them after it.
/// </summary>
public sealed class EmbeddedServices : IAsyncDisposable
{
    /// <summary>An Npgsql connection string; when set, no PostgreSQL is started.</summary>
    public const string PostgresVariable = "HRMS_POSTGRES";

    /// <summary>JSON-RPC URLs of nodes of one chain, separated by commas; when set, no node is started.</summary>
    public const string LedgerVariable = "HRMS_LEDGER_RPC";

    private EmbeddedServices(EmbeddedPostgres? postgres, EmbeddedEvmNode? node, string connectionString, IReadOnlyList<Uri> rpcUrls)
    {
        (Postgres, EvmNode) = (postgres, node);
        (PostgresConnectionString, LedgerRpcUrls) = (connectionString, rpcUrls);
    }

    /// <summary>Null when the environment names a running one.</summary>
    public EmbeddedPostgres? Postgres { get; }

    /// <summary>Null when the environment names running ones.</summary>
    public EmbeddedEvmNode? EvmNode { get; }

    public string PostgresConnectionString { get; }

    public IReadOnlyList<Uri> LedgerRpcUrls { get; }

    public bool IsPostgresEmbedded => Postgres is not null;

    public bool IsLedgerEmbedded => EvmNode is not null;

    /// <param name="dataFolder">Gets the folders <c>postgres</c> and <c>ledger</c>.</param>
    /// <param name="progress">One line of text for each thing a waiting person wants to know; called from any thread.</param>
    /// <exception cref="EmbeddedServiceException">One of the two can't run, or a variable is malformed; nothing is left running.</exception>
    public static async Task<EmbeddedServices> StartAsync(
        string dataFolder, Action<string>? progress = null, TimeProvider? time = null, CancellationToken ct = default)
    {
        time ??= TimeProvider.System;
        var runningPostgres = Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } text ? text : null;
        var runningNodes = LedgerUrlsFromEnvironment();
        dataFolder = Path.GetFullPath(dataFolder);
        if (runningPostgres is null || runningNodes.Count == 0)
            UnprivilegedUser.CreateFolderAbove(dataFolder);

        var postgres = runningPostgres is null ? StartPostgresAsync(dataFolder, progress, time, ct) : Task.FromResult<EmbeddedPostgres?>(null);
        var node = runningNodes.Count == 0 ? StartNodeAsync(dataFolder, progress, time, ct) : Task.FromResult<EmbeddedEvmNode?>(null);
        try
        {
            await Task.WhenAll(postgres, node);
        }
        catch
        {
            if (postgres.IsCompletedSuccessfully && postgres.Result is { } startedPostgres)
                await startedPostgres.DisposeAsync();
            if (node.IsCompletedSuccessfully && node.Result is { } startedNode)
                await startedNode.DisposeAsync();
            throw;
        }
        var (server, chain) = (await postgres, await node);
        return new EmbeddedServices(
            server, chain, server?.ConnectionString ?? runningPostgres!, chain is null ? runningNodes : [chain.RpcUrl]);
    }

    /// <summary>The nodes that <see cref="LedgerVariable"/> names; empty when it is not set.</summary>
    public static IReadOnlyList<Uri> LedgerUrlsFromEnvironment() =>
        [.. (Environment.GetEnvironmentVariable(LedgerVariable) ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => Uri.TryCreate(part, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                ? url
                : throw new EmbeddedServiceException($"{LedgerVariable} holds \"{part}\", which is not an http or https URL."))];

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(
            EvmNode is null ? Task.CompletedTask : EvmNode.DisposeAsync().AsTask(),
            Postgres is null ? Task.CompletedTask : Postgres.DisposeAsync().AsTask());
    }

    private static async Task<EmbeddedPostgres?> StartPostgresAsync(string dataFolder, Action<string>? progress, TimeProvider time, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var folder = Path.Combine(dataFolder, "postgres");
        progress?.Invoke(Directory.Exists(folder) ? $"Starting PostgreSQL on {folder}" : $"Making a PostgreSQL database in {folder}");
        var postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { Folder = folder, Time = time }, ct);
        progress?.Invoke($"PostgreSQL ready on 127.0.0.1:{postgres.Port} after {time.GetElapsedTime(began).TotalSeconds:0.0} s");
        return postgres;
    }

    private static async Task<EmbeddedEvmNode?> StartNodeAsync(string dataFolder, Action<string>? progress, TimeProvider time, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var folder = Path.Combine(dataFolder, "ledger");
        progress?.Invoke(Directory.Exists(folder) ? $"Starting the EVM node on {folder}" : $"Beginning a private chain in {folder}");
        var node = await EmbeddedEvmNode.StartAsync(new EmbeddedEvmNodeOptions { Folder = folder, Time = time }, ct);
        progress?.Invoke($"EVM node ready on {node.RpcUrl} after {time.GetElapsedTime(began).TotalSeconds:0.0} s");
        return node;
    }
}
