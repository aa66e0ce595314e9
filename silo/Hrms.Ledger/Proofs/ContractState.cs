using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Proofs;

/// <summary>An account as a block's state holds it (yellow paper, section 4.1), found through trie nodes; its storage is read the same way.</summary>
internal sealed record ContractState(byte[] StorageRoot, byte[] CodeHash)
{
    /// <summary>Null when the nodes do not lead to an account.</summary>
    public static ContractState? Read(BlockHeader header, Address account, IReadOnlyList<byte[]> nodes)
    {
        try
        {
            return MerklePatricia.TryFind(header.StateRoot, Keccak256.Hash(account.Bytes), nodes, out var value) && value is not null
                && RlpItem.Read(value).Items is { Count: 4 } fields
                ? new ContractState(fields[2].Bytes, fields[3].Bytes)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>False when the nodes prove nothing. A slot that was never written holds zeros.</summary>
    public bool TryRead(byte[] slot, IReadOnlyList<byte[]> nodes, out byte[] word)
    {
        word = new byte[AbiCall.WordBytes];
        if (!MerklePatricia.TryFind(StorageRoot, Keccak256.Hash(slot), nodes, out var value))
            return false;
        try
        {
            var digits = value is null ? [] : RlpItem.Read(value).Bytes;    // a stored number has no leading zeros
            if (digits.Length > word.Length)
                return false;
            digits.CopyTo(word, word.Length - digits.Length);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
