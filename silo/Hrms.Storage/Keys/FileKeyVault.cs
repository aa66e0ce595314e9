using System.Text;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;

namespace Hrms.Storage.Keys;

/// <summary>
/// Key-encryption keys in a file that only its owner may read (mode 0600). Made at first use; it belongs in a backup that is kept apart from the
/// database's: with both, everything can be read, without it, nothing. For a single machine or a shared secret volume; a hardware module or a
/// transit service replaces it behind <see cref="IKeyVault"/>.
/// </summary>
public sealed class FileKeyVault : IKeyVault
{
    private readonly string _path;
    private readonly IEntropy _entropy;
    private volatile KeyFile _file;

    /// <exception cref="KeyFileException">The file is readable by others, or broken.</exception>
    public FileKeyVault(string path, IEntropy entropy)
    {
        (_path, _entropy) = (path, entropy);
        if (!File.Exists(path))
            // Another silo may be faster: then its file is used.
            KeyFile.WithNewCurrent(null, entropy).Write(path, replace: false);
        _file = KeyFile.Read(path);
    }

    public string CurrentKeyId => _file.Current;

    /// <summary>
    /// Adds a key and makes it the current one. Called by an operator, by one process at a time; then <see cref="PostgresKeyRing.RewrapAsync"/>. Other
    /// processes find the new key when they first meet its id.
    /// </summary>
    public void Rotate()
    {
        KeyFile.WithNewCurrent(KeyFile.Read(_path), _entropy).Write(_path, replace: true);
        _file = KeyFile.Read(_path);
    }

    public ValueTask<byte[]> WrapAsync(string keyId, byte[] key, byte[] associatedData, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Sealed.Seal(Key(keyId), key, Bind(keyId, associatedData), _entropy));

    /// <exception cref="SealBrokenException">The wrapped key was changed, or belongs elsewhere.</exception>
    public ValueTask<byte[]> UnwrapAsync(string keyId, byte[] wrapped, byte[] associatedData, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Sealed.Open(Key(keyId), wrapped, Bind(keyId, associatedData)));

    private byte[] Key(string keyId)
    {
        if (_file.Keys.TryGetValue(keyId, out var key))
            return key;
        _file = KeyFile.Read(_path);
        return _file.Keys.TryGetValue(keyId, out key)
            ? key
            : throw new KeyFileException($"The key file '{_path}' does not hold key '{keyId}'. Restore the file that belongs to this database.");
    }

    private static byte[] Bind(string keyId, byte[] associatedData) =>
        [.. Encoding.UTF8.GetBytes($"hrms/vault/1/{keyId}/"), .. associatedData];
}
