using System.Numerics;
using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Signing;

/// <summary>
/// A transaction of the first type, which free-gas networks take with a gas price of zero. Bound to its chain (EIP-155).
/// </summary>
/// <param name="To">Null deploys a contract.</param>
internal sealed record LegacyTransaction(ulong Nonce, ulong GasLimit, Address? To, byte[] Data)
{
    public (byte[] Transaction, byte[] Hash) Sign(ISigner signer, ulong chainId)
    {
        var signature = signer.Sign(Keccak256.Hash(Rlp.List([.. Fields(), Rlp.Number(chainId), Rlp.Number(0), Rlp.Number(0)])));
        var v = chainId * 2 + 35 + (signature.OddY ? 1UL : 0);
        var transaction = Rlp.List([.. Fields(), Rlp.Number(v), Rlp.Number(signature.R), Rlp.Number(signature.S)]);
        return (transaction, Keccak256.Hash(transaction));
    }

    /// <summary>Whose key signed these bytes, which are such a transaction for this chain.</summary>
    public static Address SenderOf(byte[] transaction, ulong chainId)
    {
        var fields = RlpItem.Read(transaction).Items;
        byte[][] signed = [.. fields.Take(6).Select(field => field.Encoded.ToArray()), Rlp.Number(chainId), Rlp.Number(0), Rlp.Number(0)];
        var v = new BigInteger(fields[6].Bytes, isUnsigned: true, isBigEndian: true);
        var signature = new byte[SignerRecovery.SignatureBytes];
        fields[7].Bytes.CopyTo(signature, 32 - fields[7].Bytes.Length);         // a number has no leading zeros
        fields[8].Bytes.CopyTo(signature, 64 - fields[8].Bytes.Length);
        signature[64] = v == (BigInteger)chainId * 2 + 36 ? (byte)1 : (byte)0;
        return new Address(SignerRecovery.AddressOf(Keccak256.Hash(Rlp.List(signed)), signature) ?? throw new FormatException("Nobody can have signed the transaction."));
    }

    private byte[][] Fields() =>
    [
        Rlp.Number(Nonce), Rlp.Number(0), Rlp.Number(GasLimit), Rlp.Bytes(To is { } to ? to.Bytes : []), Rlp.Number(0), Rlp.Bytes(Data),
    ];
}
