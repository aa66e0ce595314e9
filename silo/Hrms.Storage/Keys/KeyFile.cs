using System.Text.Json;
using System.Text.Json.Serialization;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;

namespace Hrms.Storage.Keys;

/// <summary>The content of a key file: all key-encryption keys that wrap something, and which one wraps what is new.</summary>
internal sealed record KeyFile(
    [property: JsonPropertyName("current")] string Current, [property: JsonPropertyName("keys")] IReadOnlyDictionary<string, byte[]> Keys)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The same keys and one more, which is the current one. Ids are random and tell nothing.</summary>
    public static KeyFile WithNewCurrent(KeyFile? before, IEntropy entropy)
    {
        var id = Convert.ToHexStringLower(entropy.Bytes(8));
        var keys = new Dictionary<string, byte[]>(before?.Keys ?? new Dictionary<string, byte[]>()) { [id] = entropy.Bytes(Sealed.KeyBytes) };
        return new(id, keys);
    }

    /// <exception cref="KeyFileException">Others than the owner may read the file, or it is not a key file.</exception>
    public static KeyFile Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) is var looser and not 0)
            throw new KeyFileException($"The key file '{path}' has mode bits beyond 0600 ({looser}). Run: chmod 600 '{path}', and think who may have read it.");
        KeyFile? file;
        try
        {
            file = JsonSerializer.Deserialize<KeyFile>(File.ReadAllBytes(path), Json);
        }
        catch (JsonException broken)
        {
            throw new KeyFileException($"The key file '{path}' is not JSON of the form {{\"current\": id, \"keys\": {{id: base64}}}}. Restore it from its backup.", broken);
        }
        if (file is not { Current: not null, Keys: not null } || !file.Keys.ContainsKey(file.Current))
            throw new KeyFileException($"The key file '{path}' does not hold its current key. Restore it from its backup.");
        if (file.Keys.FirstOrDefault(key => key.Value is not { Length: Sealed.KeyBytes }) is { Key: { } wrong })
            throw new KeyFileException($"Key '{wrong}' in '{path}' is not {Sealed.KeyBytes} bytes. Restore the file from its backup.");
        return file;
    }

    /// <summary>Puts the file in its place as a whole: a reader sees the old or the new one.</summary>
    /// <returns>False when <paramref name="replace"/> is false and a file is there already.</returns>
    public bool Write(string path, bool replace)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(this, Json);
        if (!replace)
            return SecretFile.Create(path, content);
        SecretFile.Replace(path, content);
        return true;
    }
}

/// <summary>The key file can't be used. The message says why and what to do.</summary>
public sealed class KeyFileException(string message, Exception? inner = null) : Exception(message, inner);
