namespace Hrms.Domain.Proofs;

/// <summary>
/// What the ledger shows when a consent is revoked: the hash of a secret that only the consent's artefact holds. Who does not hold the artefact can't tell
/// which consent it was, or whose.
/// </summary>
public static class Nullifier
{
    public const int SecretBytes = 32;

    public static byte[] Of(ReadOnlySpan<byte> consentSecret) => Keccak256.Hash(consentSecret);
}
