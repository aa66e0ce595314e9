using System.Security.Cryptography;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;

namespace Hrms.Domain.Proofs;

/// <summary>
/// Everything a stranger needs to check one event against the ledger with our servers off, and nothing that opens another event: its sealed bytes, their key,
/// the way from the leaf to the committed root, and where on the chain that root stands. Written and read by <see cref="ProofBundleJson"/>,
/// described in docs/proof-bundle.md.
/// </summary>
/// <param name="Kind">What the event is (<see cref="ProofEvent.Kind"/>): <c>consent</c>, <c>revocation</c>, <c>record</c>, <c>access</c>, or the event's own name.</param>
/// <param name="RecordedAt">The time inside the event.</param>
/// <param name="Ciphertext">The sealed event.</param>
/// <param name="EventKey">The key of this event alone (<see cref="StreamKeys.EventKey"/>).</param>
/// <param name="Path">The siblings from the leaf up to, and without, the root.</param>
/// <param name="Content">The sealed content that the event names by its hash, when it is shown, too.</param>
/// <param name="Nullifier">What is published when this consent is revoked; also in a revocation whose event names it.</param>
public sealed record ProofBundle(
    string Format, string Kind, Guid Stream, long Version, DateTimeOffset RecordedAt, byte[] Salt, byte[] PrevLeaf, byte[] Ciphertext, byte[] EventKey,
    byte[] Leaf, IReadOnlyList<byte[]> Path, ProofAnchor Ledger, ProofContent? Content = null, byte[]? Nullifier = null)
{
    public const string CurrentFormat = "hrms-proof/1";

    /// <summary>Makes the bundle of a row. Kind, time and nullifier come from the opened event, so that they can't differ from it.</summary>
    /// <exception cref="SealBrokenException">The key does not open the row.</exception>
    public static ProofBundle Of(JournalRow row, byte[] eventKey, IReadOnlyList<byte[]> path, ProofAnchor ledger, ProofContent? content = null)
    {
        var opened = ProofEvent.Read(Sealed.Open(eventKey, row.Payload, StreamKeys.EventPlace(row.Stream, row.Version)));
        return new ProofBundle(
            CurrentFormat, opened.Kind, row.Stream.Value, row.Version, opened.RecordedAt.ToUniversalTime(), row.Salt, row.PrevLeaf, row.Payload, eventKey,
            row.Leaf, path, ledger, content, opened.Nullifier);
    }
}

/// <summary>Sealed content of a record with the key that opens it and the place it is bound to.</summary>
/// <param name="Place">The associated data of its seal, UTF-8.</param>
public sealed record ProofContent(byte[] Ciphertext, byte[] DataKey, string Place)
{
    /// <summary>How the event names this content: SHA-256 of the sealed bytes.</summary>
    public byte[] Hash() => SHA256.HashData(Ciphertext);
}

/// <summary>Where the root stands: chain, contract, batch, and the transaction and block that brought it there.</summary>
/// <param name="BlockTime">When the block was made, by its header; whole seconds.</param>
public sealed record ProofAnchor(
    ulong ChainId, byte[] GenesisHash, byte[] Contract, int Lane, long Number, byte[] Root, byte[] TxHash, long BlockNumber, byte[] BlockHash,
    DateTimeOffset BlockTime);
