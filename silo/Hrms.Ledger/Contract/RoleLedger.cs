using Hrms.Domain.Proofs;
using Hrms.Ledger.Signing;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Contract;

/// <summary>
/// The ledger contract of before there was a consortium, whose administrator grants writers their roles. A database that was begun with it stays with it:
/// batches, roots, nullifiers and proofs are the same, only the right to write is asked for and given in another way.
/// </summary>
internal static class RoleLedger
{
    private const ulong GrantGas = 200_000;

    /// <summary>The hash of its deployed code, by which it is known.</summary>
    public static byte[] DeployedCodeHash { get; } = Convert.FromHexString("b42481547e70ccf0a2e4c1887f1fc95a6da0764674d63b4ccfaa745048dcd1d8");

    public static byte[] HasRole(int lane, Address account) =>
        new AbiCall("hasRole(bytes32,address)").Bytes32(WriterRole(lane)).Address(account).Encode();

    /// <summary>The transaction that lets the lane's key write: the administrator's with the nonce <c>lane + 1</c>.</summary>
    public static byte[] SignGrant(ILaneKeys keys, ulong chainId, Address contract, int lane)
    {
        var call = new AbiCall("grantRole(bytes32,address)").Bytes32(WriterRole(lane)).Address(keys.Lane(lane).Address).Encode();
        return new LegacyTransaction((ulong)lane + 1, GrantGas, contract, call).Sign(keys.Administrator, chainId).Transaction;
    }

    /// <summary>The hash of <c>abi.encode(string, uint32)</c>.</summary>
    private static byte[] WriterRole(int lane)
    {
        var name = "hrms.ledger.writer"u8;
        return Keccak256.Hash([
            .. AbiCall.Word(2 * AbiCall.WordBytes), .. AbiCall.Word(checked((uint)lane)),
            .. AbiCall.Word((ulong)name.Length), .. name, .. new byte[AbiCall.WordBytes - name.Length],
        ]);
    }
}
