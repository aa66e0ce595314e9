namespace Hrms.Grains.Journaling;

/// <summary>
/// A stream's folded state as Orleans' grain storage keeps it: sealed with the owner's key, so that erasing the key erases it. The journal stays the truth; a
/// snapshot that is missing, old or unreadable only costs a longer replay.
/// </summary>
[GenerateSerializer, Alias("StreamSnapshot")]
public sealed class StreamSnapshot
{
    /// <summary>The version of one that can't be read. Never stored.</summary>
    internal const long Unreadable = -1;

    /// <summary>The version of the last event that is folded in.</summary>
    [Id(0)]
    public long Version { get; set; }

    /// <summary>Deflated JSON, sealed.</summary>
    [Id(1)]
    public byte[] Sealed { get; set; } = [];
}
