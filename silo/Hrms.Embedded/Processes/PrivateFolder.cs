namespace Hrms.Embedded.Processes;

/// <summary>Folders that hold what nobody else on the machine may see.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Only the owner gets in.</summary>
    public static void Create(string path) => Directory.CreateDirectory(path, Owner);

    /// <summary>For a folder above the data of an <see cref="UnprivilegedUser"/>: who knows the way may pass, nobody can list it.</summary>
    public static void CreatePassable(string path) =>
        Directory.CreateDirectory(path, Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
}
