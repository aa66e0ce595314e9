using Hrms.Domain.PatientKeys;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Proofs;

/// <summary>
/// Asks a node whether the ledger bears a patient's signature out: our register of keys, beside a ledger of ours, says that the key is a patient's, that it is in use, and that the signature has not
/// expired (<c>verifySignedConsent</c>, by <c>eth_call</c>). Used by the verifier and by whoever embeds it.
/// </summary>
/// <param name="trustedLedger">The ledger contract's address as the asker knows it from elsewhere. Null: any ledger with our code.</param>
public sealed class PatientKeyWitness(NodePool nodes, Address? trustedLedger = null)
{
    private readonly HealthLedgerView _view = new(nodes);
    private readonly PatientKeysView _register = new(nodes);

    /// <summary>Null when it does, else the first thing that is wrong.</summary>
    /// <param name="signature">Well-formed: <see cref="PatientSignature.Problem"/> found nothing.</param>
    /// <exception cref="LedgerUnavailableException">No node answers: nothing is known.</exception>
    public async Task<ProofProblem?> CheckAsync(PatientSignature signature, CancellationToken cancellationToken)
    {
        var (chainId, _) = await _view.ChainAsync(cancellationToken);
        if (chainId != signature.ChainId)
            return Wrong(ProofFault.ChainDiffers, "chainId", $"The node is of chain {chainId}, the signature for chain {signature.ChainId}.");
        var contract = new Address(signature.Contract);
        if (!await HasCodeAsync(contract, CompiledContract.PatientKeys.DeployedCodeHash, cancellationToken))
            return Wrong(ProofFault.ContractDiffers, "contract", $"At {contract} is not the code of a register of patients' keys.");
        var ledger = await _register.LedgerAsync(contract, cancellationToken);
        if (trustedLedger is { } trusted ? ledger != trusted : !HealthLedgerArtefact.IsOurs(Keccak256.Hash(await _view.CodeAsync(ledger, cancellationToken))))
            return Wrong(ProofFault.ContractDiffers, "contract", $"The register at {contract} belongs to ledger {ledger}, which is not the one that you trust.");
        return await _register.VerifyAsync(signature, cancellationToken) ? null : await WhyAsync(signature, contract, cancellationToken);
    }

    private async Task<ProofProblem> WhyAsync(PatientSignature signature, Address contract, CancellationToken cancellationToken)
    {
        var known = await _register.RegistrationAsync(contract, signature.Pseudonym, cancellationToken);
        var commitment = PatientSignature.Commitment(signature.X, signature.Y, signature.Salt);
        return known.Commitment is null ? Wrong(ProofFault.PatientSignatureRefused, "pseudonym", "The ledger has no key under this pseudonym, or not yet.")
            : !known.Commitment.AsSpan().SequenceEqual(commitment) ? Wrong(ProofFault.PatientSignatureRefused, "x", "The ledger has another key under this pseudonym.")
            : known.IsRetired ? Wrong(ProofFault.PatientSignatureRefused, "pseudonym", "The patient has retired the key.")
            : Wrong(ProofFault.PatientSignatureRefused, "expires", "The signature has expired, or the contract does not take it.");
    }

    private async Task<bool> HasCodeAsync(Address contract, byte[] hash, CancellationToken cancellationToken) =>
        Keccak256.Hash(await _view.CodeAsync(contract, cancellationToken)).AsSpan().SequenceEqual(hash);

    private static ProofProblem Wrong(ProofFault fault, string place, string text) => new(fault, $"{PatientSignature.Member}.{place}", text);
}
