namespace Hrms.Domain.Ports;

/// <summary>What the contract says of a pseudonym.</summary>
/// <param name="Commitment">32 bytes; null: it is not registered.</param>
public sealed record PatientKeyRegistration(byte[]? Commitment, bool IsRetired);

/// <summary>The contract <c>PatientKeys</c> beside the ledger. Its transactions are sent, and their nonces counted, by <see cref="ILedger"/>, as the lane's that registers.</summary>
public interface IPatientKeyLedger
{
    /// <summary>Where the ledger's register is, 20 bytes; null when its governor has none.</summary>
    /// <exception cref="LedgerDisagreesException">Another contract is in its place.</exception>
    /// <exception cref="LedgerUnavailableException">No node answers now.</exception>
    Task<byte[]?> FindAsync(LedgerIdentity identity, CancellationToken cancellationToken);

    /// <summary>The account of the key that the lane signs with now, 20 bytes.</summary>
    byte[] Account(int lane);

    /// <summary>Signs a registration or a retirement with the lane's key. The same input gives the same bytes.</summary>
    SignedCommit Sign(LedgerIdentity identity, byte[] contract, int lane, WaitingPatientKey change, ulong nonce);

    Task<PatientKeyRegistration> RegistrationAsync(byte[] contract, byte[] pseudonym, CancellationToken cancellationToken);
}
