using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Signing;
using Hrms.Ledger.Wire;
using Microsoft.Extensions.Options;

namespace Hrms.Ledger;

/// <summary>The register of patients' keys on an EVM chain. Used by the registrar of patients' keys.</summary>
internal sealed class EvmPatientKeyLedger(
    HealthLedgerView view, PatientKeysView register, Installation installation, ILaneKeys keys, IOptions<LedgerOptions> configured) : IPatientKeyLedger
{
    // Measured: 59,100 for a registration (contracts/ledger/gas.json), less for a retirement; the rest is room for another client's prices.
    private const ulong Gas = 200_000;

    public async Task<byte[]?> FindAsync(LedgerIdentity identity, CancellationToken cancellationToken)
    {
        if (await installation.IsOfRolesAsync(cancellationToken))
            return null;
        var ledger = new Address(identity.ContractAddress);
        var contract = ConsortiumCalls.PatientKeysOf(await register.GovernorAsync(ledger, cancellationToken));
        var code = await view.CodeAsync(contract, cancellationToken);
        if (code.Length == 0)
            return null;
        return Keccak256.Hash(code).AsSpan().SequenceEqual(CompiledContract.PatientKeys.DeployedCodeHash) && await register.LedgerAsync(contract, cancellationToken) == ledger
            ? contract.Bytes.ToArray()
            : throw new LedgerDisagreesException($"At {contract} is not the register of patients' keys of ledger {ledger}.");
    }

    public byte[] Account(int lane) => keys.Lane(lane).Address.Bytes.ToArray();

    public SignedCommit Sign(LedgerIdentity identity, byte[] contract, int lane, WaitingPatientKey change, ulong nonce)
    {
        var call = change.Retires
            ? PatientKeysCalls.Retire(change.Pseudonym)
            : PatientKeysCalls.Register(configured.Value.FirstLane + lane, change.Pseudonym, change.Commitment);
        var (transaction, hash) = new LegacyTransaction(nonce, Gas, new Address(contract), call).Sign(keys.Lane(lane), identity.ChainId);
        return new SignedCommit(transaction, hash);
    }

    public Task<PatientKeyRegistration> RegistrationAsync(byte[] contract, byte[] pseudonym, CancellationToken cancellationToken) =>
        register.RegistrationAsync(new Address(contract), pseudonym, cancellationToken);
}
