using Hrms.Domain.Proofs;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Contract;

/// <summary>
/// Where a ledger contract keeps what proofs need (Solidity, "Layout of State Variables in Storage"): variables stand in the order of their declaration, those
/// of inherited contracts first. A test compares it with the contract on a node.
/// </summary>
internal sealed class HealthLedgerStorage
{
    /// <summary>Four variables of <c>LaneWriters</c>, then the roots by lane and number in one key, then the nullifiers.</summary>
    private static readonly HealthLedgerStorage Governed = new(5, (lane, number) => Entry(
        [.. new byte[20], .. AbiCall.Word(lane).AsSpan(28), .. AbiCall.Word(number).AsSpan(24)], AbiCall.Word(4)));

    /// <summary>The roles, the sequences, then the roots by lane and then by number, then the nullifiers.</summary>
    private static readonly HealthLedgerStorage ByRoles = new(3, (lane, number) => Entry(AbiCall.Word(number), Entry(AbiCall.Word(lane), AbiCall.Word(2))));

    private readonly ulong _nullifiers;
    private readonly Func<ulong, ulong, byte[]> _root;

    private HealthLedgerStorage(ulong nullifiers, Func<ulong, ulong, byte[]> root) => (_nullifiers, _root) = (nullifiers, root);

    /// <summary>The layout of the contract that has this code; null when it is none of ours.</summary>
    public static HealthLedgerStorage? OfCode(ReadOnlySpan<byte> codeHash) =>
        codeHash.SequenceEqual(HealthLedgerArtefact.DeployedCodeHash) ? Governed
        : codeHash.SequenceEqual(RoleLedger.DeployedCodeHash) ? ByRoles
        : null;

    public byte[] RootSlot(int lane, long number) => _root(checked((uint)lane), checked((ulong)number));

    public byte[] NullifierSlot(ReadOnlySpan<byte> nullifier) => Entry(nullifier, AbiCall.Word(_nullifiers));

    private static byte[] Entry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> mapping) => Keccak256.Hash([.. key, .. mapping]);
}
