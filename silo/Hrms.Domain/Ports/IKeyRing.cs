namespace Hrms.Domain.Ports;

/// <summary>
/// The keys of the owners of streams, wrapped in the database by the vault's key. Erasing one makes everything sealed with it
/// unreadable (<see cref="IErasures"/>). Called by grains at activation; the key lives in their memory while they are active.
/// </summary>
public interface IKeyRing
{
    /// <summary>Makes a key for an owner, or returns the one that exists.</summary>
    /// <exception cref="KeyErasedException">The owner was erased; a new key is never made.</exception>
    Task<OwnerKey> CreateAsync(StreamId owner, CancellationToken cancellationToken);

    /// <summary>The owner's key; null when there is none yet.</summary>
    /// <exception cref="KeyErasedException">The owner was erased.</exception>
    Task<OwnerKey?> FindAsync(StreamId owner, CancellationToken cancellationToken);
}

/// <summary>An unwrapped 256-bit key and the id that is bound into everything it seals.</summary>
/// <param name="IsEnding">The owner's erasure has begun: what the key opens is for the erasure alone.</param>
public sealed record OwnerKey(Guid KeyId, byte[] Key, bool IsEnding = false)
{
    public override string ToString() => $"OwnerKey {KeyId}";
}

/// <summary>What was asked for can't be read by anybody any more.</summary>
public sealed class KeyErasedException(StreamId owner) : Exception($"The key of {owner} was erased.");

/// <summary>
/// Wraps and unwraps the keys of owners. The default is a key file with mode 0600; a PKCS#11 module or a transit service fits behind
/// the same three members.
/// </summary>
public interface IKeyVault
{
    /// <summary>The key-encryption key that wraps new keys.</summary>
    string CurrentKeyId { get; }

    ValueTask<byte[]> WrapAsync(string keyId, byte[] key, byte[] associatedData, CancellationToken cancellationToken);

    /// <exception cref="Sealing.SealBrokenException">The wrapped key was changed, or belongs elsewhere.</exception>
    ValueTask<byte[]> UnwrapAsync(string keyId, byte[] wrapped, byte[] associatedData, CancellationToken cancellationToken);
}
