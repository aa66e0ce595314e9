using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Domain.Artefacts;
using Hrms.Domain.PatientKeys;
using Hrms.Domain.Ports;

namespace Hrms.Domain.Proofs;

/// <summary>
/// Whether a consent that any member issued holds as far as the shared ledger knows: its event is anchored and it is not revoked. Judged from a member's own rows of
/// the ledger and, when a node answered, from the contract's word. Pure; asked by the follower's grain.
/// </summary>
public static class IssuedConsent
{
    /// <summary>Null when the proof is one of a consent on this ledger, else what is wrong.</summary>
    public static ProofProblem? IsOf(OpenedProof proof, LedgerIdentity ledger)
    {
        var anchor = proof.Bundle.Ledger;
        return proof.Event.Kind != "consent" ? new ProofProblem(ProofFault.KindDiffers, "kind", $"The proof is of '{proof.Event.Kind}', not of a consent that was given.")
            : anchor.ChainId != ledger.ChainId ? new ProofProblem(ProofFault.ChainDiffers, "ledger.chainId", $"The consortium's chain is {ledger.ChainId}.")
            : !anchor.GenesisHash.AsSpan().SequenceEqual(ledger.GenesisHash)
                ? new ProofProblem(ProofFault.GenesisDiffers, "ledger.genesisHash", $"The consortium's chain began with {Hex.Of(ledger.GenesisHash)}.")
            : !anchor.Contract.AsSpan().SequenceEqual(ledger.ContractAddress)
                ? new ProofProblem(ProofFault.ContractDiffers, "ledger.contract", $"The consortium's contract is {Hex.Of(ledger.ContractAddress)}.")
            : null;
    }

    /// <summary>What the followed rows say. Null: the consent holds.</summary>
    public static ProofProblem? ByRows(OpenedProof proof, FollowedConsent rows)
    {
        var anchor = proof.Bundle.Ledger;
        return rows.Through is not { } through
            ? new ProofProblem(ProofFault.RootNotOnLedger, "ledger.number", "Nothing of the ledger was followed yet. Ask again in a moment.")
            : rows.Root is null ? new ProofProblem(ProofFault.RootNotOnLedger, "ledger.number", $"As of block {through.Number}, batch {anchor.Number} of lane {anchor.Lane} is not on the ledger.")
            : !MerkleTree.RootOf(proof.Bundle.Leaf, proof.Bundle.Path).AsSpan().SequenceEqual(rows.Root)
                ? new ProofProblem(ProofFault.RootNotOnLedger, "ledger.root", $"Under batch {anchor.Number} of lane {anchor.Lane} the ledger has {Hex.Of(rows.Root)}.")
            : rows.RevokedIn is { } block ? new ProofProblem(ProofFault.ConsentRevoked, "nullifier", $"The consent was given, and it was revoked in block {block}.")
            : null;
    }

    /// <summary>Whether a signed paper (docs/consent-artefact.md) tells of the event that the proof opens: the same patient, event, consent and terms; and the patient's own signature, if it carries one, is under it. Null: it does.</summary>
    public static ProofProblem? IsTheSame(JsonNode? paper, OpenedProof proof)
    {
        try
        {
            return Difference(paper, proof);
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException or ArgumentException)
        {
            return new ProofProblem(ProofFault.ArtefactDiffers, "artefact", $"The paper can't be compared with the event: {strange.Message}");
        }
    }

    private static ProofProblem? Difference(JsonNode? paper, OpenedProof proof)
    {
        var opened = JsonNode.Parse(proof.Event.Json.GetRawText())!;
        return paper is not JsonObject || (string?)paper["format"] != ConsentArtefact.Format
            ? new ProofProblem(ProofFault.NotAnArtefact, "artefact", "It is signed, but it is no consent artefact of a form that is known here.")
            : Differs("patient", JsonValue.Create(proof.Bundle.Stream.ToString()))
                ?? Differs("streamVersion", JsonValue.Create(proof.Bundle.Version))
                ?? Differs("consent", opened["consent"])
                ?? Differs("terms", opened["terms"])
                ?? PatientSignature.In(paper).Problem;

        ProofProblem? Differs(string member, JsonNode? shown) => paper[member] is { } said && shown is not null && Same(said, shown)
            ? null
            : new ProofProblem(ProofFault.ArtefactDiffers, $"artefact.{member}", $"The paper's '{member}' is not that of the event which the proof opens.");
    }

    private static bool Same(JsonNode one, JsonNode other) => CanonicalJson.Write(one).AsSpan().SequenceEqual(CanonicalJson.Write(other));
}
