namespace Hrms.Ledger;

/// <summary>
/// The gas limit of a commit, by how many nullifiers it publishes. Measured: 55,000 by a key that is being replaced, 52,600 by any
/// other, and 24,200 for each nullifier (contracts/ledger/gas.json); the rest is room for another client's prices. Part of the signed bytes, so it depends on nothing that changes between two signings.
/// </summary>
public static class CommitGas
{
    private const ulong Base = 150_000;
    private const ulong PerNullifier = 35_000;

    /// <summary>The most that one transaction may use from the Osaka rules on (EIP-7825).</summary>
    private const ulong TransactionMax = 16_777_216;

    /// <summary>How many nullifiers one commit can publish: 475. More go with the next batch.</summary>
    public const int NullifiersMax = (int)((TransactionMax - Base) / PerNullifier);

    public static ulong Limit(int nullifiers)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nullifiers, NullifiersMax);
        return Base + PerNullifier * (ulong)nullifiers;
    }
}
