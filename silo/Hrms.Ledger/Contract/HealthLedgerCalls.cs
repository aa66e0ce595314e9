using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Contract;

/// <summary>Call data of the contract's functions. Signatures are held equal to the committed ABI by a test.</summary>
internal static class HealthLedgerCalls
{
    public const string CommitSignature = "commit(uint32,uint64,bytes32,bytes32[])";

    public static byte[] Commit(long lane, long number, ReadOnlySpan<byte> root, ReadOnlySpan<byte> nullifiers) =>
        new AbiCall(CommitSignature).Number(Lane(lane)).Number(checked((ulong)number)).Bytes32(root).Bytes32Array(nullifiers).Encode();

    public static byte[] Last(long lane) => new AbiCall("last(uint32)").Number(Lane(lane)).Encode();

    public static byte[] RootOf(long lane, long number) => new AbiCall("rootOf(uint32,uint64)").Number(Lane(lane)).Number(checked((ulong)number)).Encode();

    public static byte[] IsAnchored(ReadOnlySpan<byte> leaf, ReadOnlySpan<byte> path, long lane, long number) =>
        new AbiCall("isAnchored(bytes32,bytes32[],uint32,uint64)").Bytes32(leaf).Bytes32Array(path)
            .Number(Lane(lane)).Number(checked((ulong)number)).Encode();

    public static byte[] IsRevoked(ReadOnlySpan<byte> nullifier) => new AbiCall("isRevoked(bytes32)").Bytes32(nullifier).Encode();

    public static byte[] CheckConsent(ReadOnlySpan<byte> leaf, ReadOnlySpan<byte> path, long lane, long number, ReadOnlySpan<byte> nullifier) =>
        new AbiCall("checkConsent(bytes32,bytes32[],uint32,uint64,bytes32)").Bytes32(leaf).Bytes32Array(path)
            .Number(Lane(lane)).Number(checked((ulong)number)).Bytes32(nullifier).Encode();

    public static byte[] IsWriter(long lane, Address account) =>
        new AbiCall("isWriter(uint32,address)").Number(Lane(lane)).Address(account).Encode();

    public static byte[] WritersOf(long lane) => new AbiCall("writersOf(uint32)").Number(Lane(lane)).Encode();

    public static byte[] IsPaused(long lane) => new AbiCall("isPaused(uint32)").Number(Lane(lane)).Encode();

    private static ulong Lane(long lane) => checked((uint)lane);
}
