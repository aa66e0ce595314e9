using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Proofs;

namespace Hrms.Verifier;

/// <summary>The check that needs files alone: a witness that a node once gave, and what the asker trusts.</summary>
public static class OfflineCheck
{
    /// <summary>The block whose state was read when the witness bears the proof out; else the first thing that is wrong, in whichever file.</summary>
    public static (BlockHeader? AsOf, ProofProblem? Problem) Run(OpenedProof proof, byte[] witnessText, byte[] trustText)
    {
        var (trust, trustPlace, untrusted) = ProofJson.Read<LedgerTrust>(trustText);
        if (trust is null || trust.Problem is not null)
            return (null, new ProofProblem(ProofFault.NotATrust, trustPlace ?? "$", $"The file does not say whom to trust: {untrusted ?? trust!.Problem}"));
        var (witness, place, unreadable) = ProofJson.Read<BlockWitness>(witnessText);
        if (witness is null)
            return (null, new ProofProblem(ProofFault.NotAWitness, place!, $"The file is not a witness: {unreadable}"));
        var problem = new HeaderWitness(trust).Check(proof, witness);
        return problem is null ? (BlockHeader.Read(witness.State.Header), null) : (null, problem);
    }
}
