using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Wire;
using Hrms.Ledger.Signing;
using Hrms.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Ledger.Tests.Support;

/// <summary>The adapter as the silo composes it, with keys and a contract of its own.</summary>
internal sealed class LedgerUnderTest : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    public LedgerUnderTest(IEnumerable<Uri> nodes, Action<LedgerOptions>? configure = null)
    {
        NodeUrls = [.. nodes];
        _services = new ServiceCollection().AddLogging().AddSingleton<ILaneStore>(Row).AddHrmsLedger(options =>
        {
            options.Nodes = [.. nodes.Select(node => node.ToString())];
            options.Embedded = true;
            options.KeyFile = KeyFile;
            options.LaneCount = 2;
            configure?.Invoke(options);
        }).BuildServiceProvider();
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public IReadOnlyList<Uri> NodeUrls { get; }

    public DeploymentRow Row { get; } = new();

    public string KeyFile => _folder["ledger-keys.json"];

    public ILedger Ledger => _services.GetRequiredService<ILedger>();

    public ILedgerEvents Events => _services.GetRequiredService<ILedgerEvents>();

    public HealthLedgerView View => _services.GetRequiredService<HealthLedgerView>();

    public ILaneKeys Keys => _services.GetRequiredService<ILaneKeys>();

    public Address Contract => new(Row.Stored!.ContractAddress);

    /// <summary>A root that stands for a batch, different for each number.</summary>
    public static byte[] Root(long number) => Keccak256.Hash(BitConverter.GetBytes(number));

    /// <summary>Signs and sends a commit and returns its bytes and receipt.</summary>
    public async Task<(SignedCommit Signed, CommitReceipt Receipt)> CommitAsync(
        LedgerIdentity identity, int lane, long number, byte[] root, params byte[][] nullifiers)
    {
        var nonce = await Ledger.NonceAsync(lane, Cancellation);
        var signed = Ledger.SignCommit(identity, lane, number, root, [.. nullifiers.SelectMany(nullifier => nullifier)], nonce);
        Assert.Equal(SendHint.Accepted, await Ledger.SendAsync(signed.Transaction, Cancellation));
        return (signed, await ReceiptAsync(signed.Hash));
    }

    public async Task<CommitReceipt> ReceiptAsync(byte[] hash)
    {
        while (true)
        {
            if (await Ledger.ReceiptAsync(hash, Cancellation) is { } receipt)
                return receipt;
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
