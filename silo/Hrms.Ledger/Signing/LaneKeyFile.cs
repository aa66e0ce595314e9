using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Signing;

/// <summary>
/// Keys in a file that only its owner may read (mode 0600). The embedded mode makes it, and adds keys when there are more lanes; in production
/// an operator provides it. Whoever has it can write to this installation's lanes: back it up like a password. A lane that is to get another key has it beside the first,
/// in <c>successors</c>; which of them writes the contract says. The file is read anew when it has changed and a key is looked for.
/// </summary>
public sealed class LaneKeyFile : ILaneKeys
{
    private const string Format = "hrms-lane-keys/1";
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private static readonly Dictionary<int, SigningKey[]> Nobody = [];
    private readonly string _path;
    private readonly SigningKey? _administrator;
    private readonly SigningKey[] _lanes;
    private IReadOnlyDictionary<int, SigningKey[]> _successors;
    private readonly SigningKey[] _inUse;

    private LaneKeyFile(string path, SigningKey? administrator, SigningKey[] lanes, IReadOnlyDictionary<int, SigningKey[]> successors) =>
        (_path, _administrator, _lanes, _inUse, _successors) = (path, administrator, lanes, [.. lanes], successors);

    public ISigner Administrator =>
        _administrator ?? throw new LaneKeysException($"{_path} holds no administrator's key: the consortium administers the contract.");

    public ISigner Lane(int lane) =>
        lane >= 0 && lane < _inUse.Length
            ? Volatile.Read(ref _inUse[lane])
            : throw new LaneKeysException($"{_path} holds keys for {_lanes.Length} lanes, none for lane {lane}. Add it, or lower the number of lanes.");

    public bool Use(int lane, Address account)
    {
        if (Lane(lane).Address == account)
            return true;
        if (Find(lane, account) is not { } key)
        {
            if (!Reread())
                return false;
            key = Find(lane, account);
        }
        if (key is not null)
            Volatile.Write(ref _inUse[lane], key);
        return key is not null;
    }

    /// <summary>A file that can't be read now takes no key away that is known.</summary>
    private bool Reread()
    {
        try
        {
            _successors = Open(_path)._successors;
            return true;
        }
        catch (Exception fault) when (fault is LaneKeysException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private SigningKey? Find(int lane, Address account) =>
        _successors.GetValueOrDefault(lane, []).Prepend(_lanes[lane]).FirstOrDefault(key => key.Address == account);

    /// <summary>Adds a new key for a lane to the file and returns its account. Called by an operator's program; the silos see it when the contract names it.</summary>
    /// <exception cref="LaneKeysException">The file can't be read, or has no such lane.</exception>
    public static Address AddSuccessor(string path, int lane)
    {
        var known = Open(path);
        _ = known.Lane(lane);
        var next = NewKey();
        var successors = known._successors.ToDictionary();
        successors[lane] = [.. successors.GetValueOrDefault(lane, []), next];
        new LaneKeyFile(path, known._administrator, known._lanes, successors).Write();
        return next.Address;
    }

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
            return new LaneKeyFile(path, stored.Administrator is { } text ? Key(text) : null, [.. stored.Lanes.Select(Key)], Successors(stored));
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException or CryptographicException or FormatException)
        {
            throw new LaneKeysException($"The ledger's key file {path} can't be read: {fault.Message} Restore it from a backup.", fault);
        }
    }

    /// <summary>Reads the file after making it, or adding what is missing for so many lanes. Only the embedded mode calls this.</summary>
    public static LaneKeyFile OpenOrCreate(string path, int laneCount)
    {
        var known = File.Exists(path) ? Open(path) : new LaneKeyFile(path, null, [], Nobody);
        if (known._administrator is not null && known._lanes.Length >= laneCount)
            return known;
        var lanes = known._lanes.Concat(Enumerable.Range(known._lanes.Length, Math.Max(0, laneCount - known._lanes.Length)).Select(_ => NewKey())).ToArray();
        var grown = new LaneKeyFile(path, known._administrator ?? NewKey(), lanes, known._successors);
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
            var stored = new Stored(Format, _administrator is null ? null : Hex.Of(_administrator.Export()), [.. _lanes.Select(key => Hex.Of(key.Export()))],
                _successors.Count == 0 ? null : _successors.ToDictionary(lane => Text(lane.Key), lane => (IReadOnlyList<string>)[.. lane.Value.Select(key => Hex.Of(key.Export()))]));
            file.Write(JsonSerializer.SerializeToUtf8Bytes(stored, Written));
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

    private static Dictionary<int, SigningKey[]> Successors(Stored stored) =>
        (stored.Successors ?? new Dictionary<string, IReadOnlyList<string>>())
            .ToDictionary(lane => int.Parse(lane.Key, NumberStyles.None, CultureInfo.InvariantCulture), lane => lane.Value.Select(Key).ToArray());

    private static string Text(int lane) => lane.ToString(CultureInfo.InvariantCulture);

    private sealed record Stored(string Format, string? Administrator, IReadOnlyList<string> Lanes, IReadOnlyDictionary<string, IReadOnlyList<string>>? Successors = null);
}
