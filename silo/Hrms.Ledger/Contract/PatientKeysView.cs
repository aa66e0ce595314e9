using Hrms.Domain.PatientKeys;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Contract;

/// <summary>
/// What the register of patients' keys says, read through several nodes. Holds no key: the registrar's adapter and the verifier both read through it. All members throw
/// <see cref="LedgerUnavailableException"/> when no node answers.
/// </summary>
public sealed class PatientKeysView(NodePool nodes)
{
    public Task<PatientKeyRegistration> RegistrationAsync(Address contract, byte[] pseudonym, CancellationToken cancellationToken) => AskAsync(
        contract, PatientKeysCalls.RegistrationOf(pseudonym), words => words.Length == 3 * AbiCall.WordBytes
            ? new PatientKeyRegistration(words.AsSpan(0, AbiCall.WordBytes).ContainsAnyExcept((byte)0) ? words[..AbiCall.WordBytes] : null, AbiAnswer.Boolean(words[64..]))
            : throw new FormatException("three words expected"), cancellationToken);

    /// <summary>The ledger whose writers register keys at this contract.</summary>
    public Task<Address> LedgerAsync(Address contract, CancellationToken cancellationToken) => AskAsync(contract, PatientKeysCalls.Ledger(), AbiAnswer.Address, cancellationToken);

    /// <summary>The account that governs a ledger contract: the consortium's.</summary>
    public Task<Address> GovernorAsync(Address ledger, CancellationToken cancellationToken) =>
        AskAsync(ledger, new AbiCall("governor()").Encode(), AbiAnswer.Address, cancellationToken);

    /// <summary>Whether a patient's signature stands: its key is registered there and not retired, and it has not expired. The signature is to be well-formed.</summary>
    public Task<bool> VerifyAsync(PatientSignature signature, CancellationToken cancellationToken) =>
        AskAsync(new Address(signature.Contract), PatientKeysCalls.VerifySignedConsent(signature), AbiAnswer.Boolean, cancellationToken);

    private Task<T> AskAsync<T>(Address contract, byte[] call, Func<byte[], T> read, CancellationToken cancellationToken) => nodes.AskAsync(
        new RpcCall("eth_call", new { to = contract.ToString(), data = Hex.Of(call) }, "latest"), result => read(Quantity.Bytes(result)), cancellationToken);
}
