using Hrms.Embedded;
using Xunit;

namespace Hrms.TestKit;

/// <summary>
/// A real EVM node for tests: a private one in a temporary folder, or the running ones that <c>HRMS_LEDGER_RPC</c> names.
/// Use it as class, collection or assembly fixture. Tests share the chain: each deploys a contract of its own.
/// </summary>
public sealed class EvmNodeFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private IReadOnlyList<Uri> _urls = [];

    /// <summary>JSON-RPC addresses, at least one.</summary>
    public IReadOnlyList<Uri> RpcUrls
    {
        get
        {
            if (_urls.Count == 0)
                EmbeddedPrograms.SkipWhenMissing();
            return _urls;
        }
    }

    public Uri RpcUrl => RpcUrls[0];

    /// <summary>The private node, for tests that kill it. Skips the test when the nodes are shared running ones.</summary>
    public EmbeddedEvmNode Node
    {
        get
        {
            EmbeddedPrograms.SkipWhenMissing();
            if (Private is null)
                Assert.Skip($"{EmbeddedServices.LedgerVariable} names running nodes, which are not ours to kill.");
            return Private;
        }
    }

    private EmbeddedEvmNode? Private { get; set; }

    public async ValueTask InitializeAsync()
    {
        _urls = EmbeddedServices.LedgerUrlsFromEnvironment();
        if (_urls.Count > 0 || EmbeddedBinaries.WhyMissing() is not null)
            return;                                             // the first use says why it is missing: a fixture can't skip
        Private = await EmbeddedEvmNode.StartAsync(new EmbeddedEvmNodeOptions { Folder = _folder["ledger"] });
        _urls = [Private.RpcUrl];
    }

    public async ValueTask DisposeAsync()
    {
        if (Private is not null)
            await Private.DisposeAsync();
        _folder.Dispose();
    }
}
