using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Contract;

/// <summary>Call data of the consortium's functions that an installation which owns its chain needs. Held equal to the committed ABI by a test.</summary>
internal static class ConsortiumCalls
{
    /// <summary>Creates the consortium with its founding members, the ledger, and the register of patients' keys.</summary>
    public static byte[] Deployment(params ReadOnlySpan<Address> founders)
    {
        byte[] words = [];
        foreach (var founder in founders)
            words = [.. words, .. AbiCall.AddressWord(founder)];
        return [.. CompiledContract.Consortium.Bytecode, .. AbiCall.Word(AbiCall.WordBytes), .. AbiCall.Word((ulong)founders.Length), .. words];
    }

    /// <summary>Where the ledger lands: the first contract that the consortium creates (a contract's nonce begins with 1, EIP-161).</summary>
    public static Address LedgerOf(Address consortium) => Address.OfContract(consortium, 1);

    /// <summary>Where the register of patients' keys lands.</summary>
    public static Address PatientKeysOf(Address consortium) => Address.OfContract(consortium, 2);

    /// <summary>Proposes a voted call; where the proposer alone is the majority, it is done at once.</summary>
    public static byte[] Propose(ReadOnlySpan<byte> action) => new AbiCall("propose(bytes)").Bytes(action).Encode();

    /// <summary>Voted: the lane is <paramref name="member"/>'s, and <paramref name="writer"/> is its key.</summary>
    public static byte[] AssignLane(int lane, Address member, Address writer) =>
        new AbiCall("assignLane(uint32,address,address)").Number(checked((uint)lane)).Address(member).Address(writer).Encode();
}
