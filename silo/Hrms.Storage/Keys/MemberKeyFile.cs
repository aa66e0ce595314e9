using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hrms.Domain.Artefacts;
using Hrms.Domain.Ports;

namespace Hrms.Storage.Keys;

/// <summary>
/// Signing keys in a PEM file that only its owner may read (mode 0600), made at first use; all silos of a member use the same file. To rotate, append a new P-256
/// key (PKCS#8) and start anew: the last one signs, the others stay published.
/// </summary>
public sealed class MemberKeyFile : IMemberKeys, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly List<ECDsa> _keys = [];

    /// <exception cref="KeyFileException">The file is readable by others, or holds no P-256 key.</exception>
    public MemberKeyFile(string path)
    {
        if (!File.Exists(path))
            Make(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) is not 0)
            throw new KeyFileException($"The member's key file '{path}' can be read by others. Run: chmod 600 '{path}', and think who may have read it.");
        Read(path);
        var published = _keys.Select(key => Jws.Jwk(key.ExportParameters(includePrivateParameters: false))).ToArray();
        KeyId = (string)published[^1]["kid"]!;
        PublicKeys = new JsonObject { ["keys"] = new JsonArray([.. published]) }.ToJsonString();
    }

    public string KeyId { get; }

    public string PublicKeys { get; }

    public ValueTask<byte[]> SignAsync(byte[] content, CancellationToken cancellationToken)
    {
        // One key object is not for several threads at once.
        lock (_keys)
            return ValueTask.FromResult(_keys[^1].SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    public void Dispose() => _keys.ForEach(key => key.Dispose());

    private void Read(string path)
    {
        ReadOnlySpan<char> rest = File.ReadAllText(path);
        while (PemEncoding.TryFind(rest, out var found))
        {
            var key = ECDsa.Create();
            try
            {
                if (!rest[found.Label].SequenceEqual("PRIVATE KEY"))
                    throw new CryptographicException("It is no private key.");
                key.ImportFromPem(rest[found.Location]);
            }
            catch (Exception broken) when (broken is CryptographicException or ArgumentException)
            {
                throw new KeyFileException($"The member's key file '{path}' holds something else than private P-256 keys (PKCS#8, PEM). Restore it from its backup.", broken);
            }
            _keys.Add(key);
            rest = rest[found.Location.End..];
        }
        if (_keys.Count == 0 || _keys.Any(key => key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value))
            throw new KeyFileException($"The member's key file '{path}' holds no P-256 key. Restore it from its backup.");
    }

    private static void Make(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SecretFile.Create(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
    }
}
