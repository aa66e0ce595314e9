using System.Security.Cryptography;
using System.Text.Json;
using Hrms.Domain.Proofs;

namespace Hrms.Ledger.Signing;

/// <summary>
/// Keys in a file that only its owner may read (mode 0600). The embedded mode makes it, and adds keys when there are more lanes; in production
/// an operator provides it. Whoever has it can write to this installation's lanes: back it up like a password.
/// </summary>
public sealed class LaneKeyFile : ILaneKeys
{
    private const string Format = "hrms-lane-keys/1";
    private readonly string _path;
    private readonly SigningKey? _administrator;
    private readonly SigningKey[] _lanes;

    private LaneKeyFile(string path, SigningKey? administrator, SigningKey[] lanes) => (_path, _administrator, _lanes) = (path, administrator, lanes);

    public ISigner Administrator =>
        _administrator ?? throw new LaneKeysException($"{_path} holds no administrator's key: the consortium administers the contract.");

    public ISigner Lane(int lane) =>
        lane >= 0 && lane < _lanes.Length
            ? _lanes[lane]
            : throw new LaneKeysException($"{_path} holds keys for {_lanes.Length} lanes, none for lane {lane}. Add it, or lower the number of lanes.");

    /// <summary>Reads the file.</summary>
    /// <exception cref="LaneKeysException">It is missing, readable to others, or not a key file.</exception>
    public static LaneKeyFile Open(string path)
    {
        if (!File.Exists(path))
            throw new LaneKeysException($"The ledger's key file {path} is missing. Restore it, or name another in the ledger options.");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
            throw new LaneKeysException($"Others than its owner may use the ledger's key file {path}. Run: chmod 600 '{path}'");
        try
        {
            var stored = JsonSerializer.Deserialize<Stored>(File.ReadAllBytes(path), JsonSerializerOptions.Web);
            if (stored is not { Format: Format, Lanes: not null })
                throw new InvalidDataException($"its format is not {Format}");
            return new LaneKeyFile(path, stored.Administrator is { } text ? Key(text) : null, [.. stored.Lanes.Select(Key)]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException or CryptographicException)
        {
            throw new LaneKeysException($"The ledger's key file {path} can't be read: {fault.Message} Restore it from a backup.", fault);
        }
    }

    /// <summary>Reads the file after making it, or adding what is missing for so many lanes. Only the embedded mode calls this.</summary>
    public static LaneKeyFile OpenOrCreate(string path, int laneCount)
    {
        var known = File.Exists(path) ? Open(path) : new LaneKeyFile(path, null, []);
        if (known._administrator is not null && known._lanes.Length >= laneCount)
            return known;
        var lanes = known._lanes.Concat(Enumerable.Range(known._lanes.Length, Math.Max(0, laneCount - known._lanes.Length)).Select(_ => NewKey())).ToArray();
        var grown = new LaneKeyFile(path, known._administrator ?? NewKey(), lanes);
        grown.Write();
        return grown;
    }

    /// <summary>Whole or not at all: a new file takes the old one's place.</summary>
    private void Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        var next = _path + ".new";
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(next, options))
        {
            var stored = new Stored(Format, _administrator is null ? null : Hex.Of(_administrator.Export()), [.. _lanes.Select(key => Hex.Of(key.Export()))]);
            file.Write(JsonSerializer.SerializeToUtf8Bytes(stored, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
            file.Flush(flushToDisk: true);
        }
        File.Move(next, _path, overwrite: true);
    }

    private static SigningKey NewKey()
    {
        while (true)
        {
            var secret = RandomNumberGenerator.GetBytes(SigningKey.SizeBytes);
            if (SigningKey.IsValid(secret))
                return new SigningKey(secret);
        }
    }

    private static SigningKey Key(string? text) =>
        Hex.TryParse(text, out var secret) ? new SigningKey(secret) : throw new InvalidDataException("a key in it is not hexadecimal.");

    private sealed record Stored(string Format, string? Administrator, IReadOnlyList<string> Lanes);
}
