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

    private byte[][] Fields() =>
    [
        Rlp.Number(Nonce), Rlp.Number(0), Rlp.Number(GasLimit), Rlp.Bytes(To is { } to ? to.Bytes : []), Rlp.Number(0), Rlp.Bytes(Data),
    ];
}
