using System.Globalization;
using Hrms.Embedded;

namespace Hrms.Load.Running;

/// <summary>A private EVM node in a folder of its own that goes with it.</summary>
internal sealed class BlockNode : IAsyncDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly EmbeddedEvmNode _node;

    private BlockNode(EmbeddedEvmNode node, string folder) => (_node, Folder) = (node, folder);

    public string Folder { get; }

    public Uri RpcUrl => _node.RpcUrl;

    public int ProcessId => _node.ProcessId;

    /// <summary>What a host is started with to write to this node.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { [EmbeddedServices.LedgerVariable] = RpcUrl.ToString() };

    /// <summary>One that makes a block each <see cref="Period"/>, as a consortium's chain does.</summary>
    public static Task<BlockNode> StartAsync(CancellationToken stop) => StartAsync(stop, Period);

    /// <param name="period">Null: a block of whatever comes, at once.</param>
    public static async Task<BlockNode> StartAsync(CancellationToken stop, TimeSpan? period)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"hrms-load-node-{Guid.NewGuid():N}");
        return new BlockNode(await EmbeddedEvmNode.StartAsync(new EmbeddedEvmNodeOptions { Folder = folder, BlockTime = period }, stop), folder);
    }

    /// <summary>Of the node that an embedded system has in its data folder; null when it has none there, or it does not run.</summary>
    public static int? ProcessIdOf(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "ledger", "service.pid");
        return File.Exists(path) && int.TryParse(File.ReadLines(path).FirstOrDefault(), CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}
