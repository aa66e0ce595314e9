namespace Hrms.Domain.Ports;

/// <summary>
/// The key with which the member of the consortium that runs this silo signs the artefacts it issues, ES256. Called by the patient's grain; the public part by
/// whoever publishes it. The default is a key file with mode 0600.
/// </summary>
public interface IMemberKeys
{
    /// <summary>The id of the key that signs: its thumbprint (RFC 7638).</summary>
    string KeyId { get; }

    /// <summary>The public keys as a JWK set (RFC 7517), former ones included, so that what they signed stays verifiable.</summary>
    string PublicKeys { get; }

    /// <summary>ES256 (RFC 7518, section 3.4): 64 bytes, r and s.</summary>
    ValueTask<byte[]> SignAsync(byte[] content, CancellationToken cancellationToken);
}
