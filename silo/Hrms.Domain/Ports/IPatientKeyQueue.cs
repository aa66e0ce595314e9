using Hrms.Contracts;

namespace Hrms.Domain.Ports;

/// <summary>A change of the contract's register that waits to be signed.</summary>
/// <param name="Retires">Whether a key that is there ends; otherwise one that is not is registered.</param>
public sealed record WaitingPatientKey(byte[] Pseudonym, byte[] Commitment, bool Retires);

/// <summary>A change that was signed and that the contract has not been seen to show.</summary>
/// <param name="Nonce">Of the newest transaction for it.</param>
/// <param name="ChainEpoch">For which that one was signed.</param>
/// <param name="Account">By whose key, 20 bytes.</param>
public sealed record OpenPatientKey(WaitingPatientKey Change, ulong Nonce, int ChainEpoch, byte[] Account);

/// <summary>
/// Patients' keys on their way to the ledger. A row holds a random pseudonym and what the ledger will show, and nothing that leads to a patient: no id, no time. Patients' grains put in and
/// take out; the registrar signs, fenced by the lease of its lane (<see cref="ILaneStore.TakeLeaseAsync"/>).
/// </summary>
public interface IPatientKeyQueue
{
    /// <summary>Has a key registered. The same again changes nothing, whatever became of it.</summary>
    Task AddAsync(byte[] pseudonym, byte[] commitment, CancellationToken cancellationToken);

    /// <summary>Has a key ended: one that is not signed yet will never be, another is retired. The same again changes nothing.</summary>
    Task RetireAsync(byte[] pseudonym, CancellationToken cancellationToken);

    /// <summary>Takes out what is not signed yet, for an erasure. What is signed stays as it is: ending it would tell the time of the erasure.</summary>
    Task ForgetAsync(IReadOnlyList<byte[]> pseudonyms, CancellationToken cancellationToken);

    /// <summary>What the contract was last seen to say of each.</summary>
    Task<IReadOnlyList<PatientKeyAnchoring>> StatesAsync(IReadOnlyList<byte[]> pseudonyms, CancellationToken cancellationToken);

    /// <summary>The register of the newest chain, as it was found by <see cref="BeginEpochAsync"/>; null: none was.</summary>
    Task<PatientKeyRegister?> RegisterAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Keeps where an epoch's register is. In an epoch that is new, all is looked at again; on a chain that is new, all is waiting again, but what was to be retired is as never registered.
    /// </summary>
    Task BeginEpochAsync(LedgerIdentity identity, byte[] contract, CancellationToken cancellationToken);

    /// <summary>One of those that wait, drawn by chance; null: nothing waits.</summary>
    Task<WaitingPatientKey?> DrawAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores a transaction before its first send. A key that nobody put in (one drawn as padding) is put in with it, and is then like any other.
    /// </summary>
    /// <returns>False: it was taken out meanwhile, and is not to be sent.</returns>
    /// <exception cref="LeaseLostException">The lease is not the newest.</exception>
    Task<bool> InsertAsync(
        WaitingPatientKey change, LedgerIdentity identity, ulong nonce, byte[] account, SignedCommit signed, int lane, long lease, CancellationToken cancellationToken);

    /// <summary>What is signed and not seen, in order of nonce.</summary>
    Task<IReadOnlyList<OpenPatientKey>> OpenAsync(int take, CancellationToken cancellationToken);

    /// <summary>The contract shows it.</summary>
    Task SeenAsync(WaitingPatientKey change, CancellationToken cancellationToken);

    /// <summary>An account's stored transactions of an epoch in order of nonce, from a nonce on.</summary>
    Task<IReadOnlyList<LedgerTransaction>> TransactionsAsync(int chainEpoch, byte[] account, ulong fromNonce, int take, CancellationToken cancellationToken);

    /// <summary>The nonce after the highest that a stored transaction of the account uses in an epoch; null when none is stored.</summary>
    Task<ulong?> NextNonceAsync(int chainEpoch, byte[] account, CancellationToken cancellationToken);
}
