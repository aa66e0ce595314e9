using System.Text;
using System.Text.Json;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;

namespace Hrms.Domain.Proofs;

/// <summary>A bundle that holds in itself: its event, and the content if it has one. Whether its root is on the ledger is asked there.</summary>
public sealed record OpenedProof(ProofBundle Bundle, ProofEvent Event, byte[]? Content);

/// <summary>
/// The part of a verification that needs no network: leaf, path and opening. Pure, and the same code in our servers and in a stranger's hands.
/// </summary>
public static class ProofVerifier
{
    private const string ConsentSignedName = "consent-signed";

    /// <summary>Far above any batch: 2^40 leaves.</summary>
    private const int PathMax = 40;

    /// <summary>The opened proof, or the first thing that is wrong.</summary>
    public static (OpenedProof? Proof, ProofProblem? Problem) Open(ProofBundle bundle)
    {
        if (bundle.Format != ProofBundle.CurrentFormat)
            return Wrong(ProofFault.UnknownFormat, "format", $"This program reads {ProofBundle.CurrentFormat}; the bundle is '{bundle.Format}'.");
        if (WrongSize(bundle) is { } place)
            return Wrong(ProofFault.WrongSize, place, $"'{place}' does not have its size.");
        if (!Leaf.Compute(bundle.Salt, bundle.Stream, bundle.Version, bundle.PrevLeaf, bundle.Ciphertext).AsSpan().SequenceEqual(bundle.Leaf))
            return Wrong(ProofFault.LeafDiffers, "leaf", "Salt, stream, version, previous leaf and sealed event do not give the leaf.");
        if (!MerkleTree.RootOf(bundle.Leaf, bundle.Path).AsSpan().SequenceEqual(bundle.Ledger.Root))
            return Wrong(ProofFault.PathDiffers, "path", "Leaf and path do not give the root.");
        return OpenEvent(bundle);
    }

    private static (OpenedProof?, ProofProblem?) OpenEvent(ProofBundle bundle)
    {
        ProofEvent opened;
        try
        {
            opened = ProofEvent.Read(Sealed.Open(bundle.EventKey, bundle.Ciphertext, StreamKeys.EventPlace(new StreamId(bundle.Stream), bundle.Version)));
        }
        catch (SealBrokenException)
        {
            return Wrong(ProofFault.EventDoesNotOpen, "eventKey", "The key does not open the sealed event of this stream and version.");
        }
        catch (JsonException fault)
        {
            return Wrong(ProofFault.NotAnEvent, "ciphertext", fault.Message);
        }
        if (opened.Kind != bundle.Kind)
            return Wrong(ProofFault.KindDiffers, "kind", $"The bundle says '{bundle.Kind}', the event is '{opened.Kind}'.");
        if (opened.RecordedAt != bundle.RecordedAt)
            return Wrong(ProofFault.TimeDiffers, "recordedAt", "The bundle's time is not the event's.");
        if (!opened.Nullifier.AsSpan().SequenceEqual(bundle.Nullifier) || (opened.Kind == "consent" && bundle.Nullifier is null))
            return Wrong(ProofFault.NullifierDiffers, "nullifier", "The nullifier is not that of the event.");
        if (opened.Name == ConsentSignedName && SignatureProblem(opened) is { } unsigned)
            return (null, unsigned);
        return OpenContent(bundle, opened);
    }

    /// <summary>Whether the signature in an event that holds a patient's is good in itself. Whether its key was a patient's, the ledger's register of keys says.</summary>
    private static ProofProblem? SignatureProblem(ProofEvent opened)
    {
        try
        {
            var signature = ((ConsentSigned)EventJson.Read<PatientEvent>(Encoding.UTF8.GetBytes(opened.Json.GetRawText()))).Signature;
            return signature.Problem(signature.Artefact);
        }
        catch (JsonException fault)
        {
            return new ProofProblem(ProofFault.NotAnEvent, "ciphertext", fault.Message);
        }
    }

    private static (OpenedProof?, ProofProblem?) OpenContent(ProofBundle bundle, ProofEvent opened)
    {
        if (bundle.Content is not { } content)
            return (new OpenedProof(bundle, opened, null), null);
        if (!content.Hash().AsSpan().SequenceEqual(opened.ContentHash))
            return Wrong(ProofFault.ContentDiffers, "content.ciphertext", "The content is not the one that the event names by its hash.");
        try
        {
            return (new OpenedProof(bundle, opened, RecordSeal.OpenWith(content.DataKey, content.Place, content.Ciphertext)), null);
        }
        catch (SealBrokenException)
        {
            return Wrong(ProofFault.ContentDoesNotOpen, "content.dataKey", "The data key does not open the content in this place.");
        }
        catch (InvalidDataException fault)
        {
            return Wrong(ProofFault.ContentDoesNotOpen, "content.ciphertext", $"The opened content can't be unpacked. {fault.Message}");
        }
    }

    private static string? WrongSize(ProofBundle bundle) =>
        bundle.Salt.Length != Leaf.SaltBytes ? "salt"
        : bundle.PrevLeaf.Length != Keccak256.SizeBytes ? "prevLeaf"
        : bundle.Leaf.Length != Keccak256.SizeBytes ? "leaf"
        : bundle.EventKey.Length != Sealed.KeyBytes ? "eventKey"
        : bundle.Content is { } content && content.DataKey.Length != Sealed.KeyBytes ? "content.dataKey"
        : bundle.Path.Count > PathMax || bundle.Path.Any(sibling => sibling.Length != Keccak256.SizeBytes) ? "path"
        : bundle.Nullifier is { } nullifier && nullifier.Length != Keccak256.SizeBytes ? "nullifier"
        : bundle.Version < 1 ? "version"
        : bundle.Ledger is { Lane: < 0 } ? "ledger.lane"
        : bundle.Ledger is { Number: < 1 } ? "ledger.number"
        : bundle.Ledger.Root.Length != Keccak256.SizeBytes ? "ledger.root"
        : bundle.Ledger.Contract.Length != 20 ? "ledger.contract"
        : bundle.Ledger.TxHash.Length != Keccak256.SizeBytes ? "ledger.txHash"
        : null;

    private static (OpenedProof?, ProofProblem?) Wrong(ProofFault fault, string place, string text) => (null, new ProofProblem(fault, place, text));
}
