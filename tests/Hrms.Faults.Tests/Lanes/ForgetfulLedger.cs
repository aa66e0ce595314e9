using Hrms.Domain.Ports;

namespace Hrms.Faults.Tests.Lanes;

/// <summary>A ledger that lost the receipt of one transaction, though not its effects.</summary>
internal sealed class ForgetfulLedger(ILedger inner, byte[] lostHash) : ILedger
{
    public async Task<CommitReceipt?> ReceiptAsync(byte[] transactionHash, CancellationToken cancellationToken) =>
        transactionHash.AsSpan().SequenceEqual(lostHash) ? null : await inner.ReceiptAsync(transactionHash, cancellationToken);

    public Task<LedgerIdentity> IdentifyAsync(CancellationToken cancellationToken, int? lane) => inner.IdentifyAsync(cancellationToken, lane);

    public Task<LaneWriters?> WritersAsync(LedgerIdentity identity, int lane, CancellationToken cancellationToken) => inner.WritersAsync(identity, lane, cancellationToken);

    public Task<LedgerIdentity> ReanchorAsync(CancellationToken cancellationToken) => inner.ReanchorAsync(cancellationToken);

    public Task BeginEpochAsync(LedgerIdentity identity, CancellationToken cancellationToken) => inner.BeginEpochAsync(identity, cancellationToken);

    public SignedCommit SignCommit(LedgerIdentity identity, int lane, long number, byte[] root, byte[] nullifiers, ulong nonce) =>
        inner.SignCommit(identity, lane, number, root, nullifiers, nonce);

    public SignedCommit SignFiller(LedgerIdentity identity, int lane, ulong nonce) => inner.SignFiller(identity, lane, nonce);

    public Task<SendHint> SendAsync(byte[] signedTransaction, CancellationToken cancellationToken, bool toAll) =>
        inner.SendAsync(signedTransaction, cancellationToken, toAll);

    public Task<long> LastNumberAsync(LedgerIdentity identity, int lane, CancellationToken cancellationToken) =>
        inner.LastNumberAsync(identity, lane, cancellationToken);

    public Task<byte[]> RootAsync(LedgerIdentity identity, int lane, long number, CancellationToken cancellationToken) =>
        inner.RootAsync(identity, lane, number, cancellationToken);

    public Task<IReadOnlyList<byte[]>> RootsAsync(LedgerIdentity identity, int lane, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        inner.RootsAsync(identity, lane, numbers, cancellationToken);

    public Task<ulong> NonceAsync(int lane, CancellationToken cancellationToken) => inner.NonceAsync(lane, cancellationToken);

    public Task<ulong> MinedNonceAsync(int lane, CancellationToken cancellationToken) => inner.MinedNonceAsync(lane, cancellationToken);

    public Task<string?> WhyRefusedAsync(LedgerIdentity identity, int lane, long number, byte[] root, byte[] nullifiers, CancellationToken cancellationToken) =>
        inner.WhyRefusedAsync(identity, lane, number, root, nullifiers, cancellationToken);
}
