using Hrms.Embedded;

namespace Hrms.Load.Running;

/// <summary>A private EVM node that makes a block each second, in a folder of its own that goes with it.</summary>
internal sealed class BlockNode : IAsyncDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly EmbeddedEvmNode _node;
    private readonly string _folder;

    private BlockNode(EmbeddedEvmNode node, string folder) => (_node, _folder) = (node, folder);

    /// <summary>What a host is started with to write to this node.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { [EmbeddedServices.LedgerVariable] = _node.RpcUrl.ToString() };

    public static async Task<BlockNode> StartAsync(CancellationToken stop)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"hrms-load-node-{Guid.NewGuid():N}");
        return new BlockNode(await EmbeddedEvmNode.StartAsync(new EmbeddedEvmNodeOptions { Folder = folder, BlockTime = Period }, stop), folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
