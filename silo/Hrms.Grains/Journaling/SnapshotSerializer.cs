using Orleans.Storage;

namespace Hrms.Grains.Journaling;

/// <summary>
/// How snapshots are written into Orleans' grain storage. One that can't be read any more is handed to its grain as unreadable, like one whose seal is broken: the grain raises the alarm and replays
/// its journal, instead of never beginning again.
/// </summary>
public sealed class SnapshotSerializer(IGrainStorageSerializer format) : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => format.Serialize(input);

    public T Deserialize<T>(BinaryData input)
    {
        if (typeof(T) != typeof(StreamSnapshot))
            return format.Deserialize<T>(input)!;
        try
        {
            return format.Deserialize<T>(input) is StreamSnapshot { Version: >= 0, Sealed: not null } read ? (T)(object)read : Unreadable<T>();
        }
        catch (Exception)
        {
            // Whatever a changed byte makes of its type names, numbers and brackets.
            return Unreadable<T>();
        }
    }

    private static T Unreadable<T>() => (T)(object)new StreamSnapshot { Version = StreamSnapshot.Unreadable };
}
