using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Proofs;

/// <summary>Reads a transaction and a receipt as a block's tries hold them (yellow paper, sections 4.2 and 4.3.1), as far as a commit needs it.</summary>
internal static class CommittedIn
{
    private const int LegacyFields = 9;

    /// <summary>Whether these are a transaction of the first type, which the writer sends, that commits the batch to the contract.</summary>
    public static bool Transaction(byte[] transaction, ProofAnchor anchor)
    {
        // Everything before the nullifiers: selector, lane, number, root.
        var commit = HealthLedgerCalls.Commit(anchor.Lane, anchor.Number, anchor.Root, []).AsSpan(0, 4 + 3 * AbiCall.WordBytes);
        try
        {
            return RlpItem.Read(transaction) is { IsList: true, Items: { Count: LegacyFields } fields }
                && fields[3].Bytes.AsSpan().SequenceEqual(anchor.Contract) && fields[5].Bytes.AsSpan().StartsWith(commit);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Whether this receipt of a transaction of the first type says success.</summary>
    public static bool Receipt(byte[] receipt)
    {
        try
        {
            return RlpItem.Read(receipt) is { IsList: true, Items: { Count: 4 } fields } && fields[0].Bytes is [1];
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
