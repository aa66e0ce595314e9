using System.Globalization;
using System.Runtime.InteropServices;

namespace Hrms.Embedded.Processes;

/// <summary>
/// PostgreSQL refuses to run as root. When we are root it runs as the system's user <c>nobody</c>, which owns its data and
/// nothing else; otherwise it runs as we do.
/// </summary>
internal sealed partial class UnprivilegedUser
{
    private const string Name = "nobody";
    private readonly uint _userId;
    private readonly uint _groupId;

    private UnprivilegedUser(uint userId, uint groupId) => (_userId, _groupId) = (userId, groupId);

    /// <summary>Null when this process is not root and needs no other user.</summary>
    public static UnprivilegedUser? WhenRoot()
    {
        if (GetEffectiveUserId() != 0)
            return null;
        if (!OperatingSystem.IsLinux())
            throw new EmbeddedServiceException("PostgreSQL refuses to run as root: start as an ordinary user, or set HRMS_POSTGRES.");
        var fields = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(line => line[0] == Name)
            ?? throw new EmbeddedServiceException(
                $"PostgreSQL refuses to run as root and /etc/passwd has no user {Name}: start as an ordinary user, or set HRMS_POSTGRES.");
        return new UnprivilegedUser(uint.Parse(fields[2], CultureInfo.InvariantCulture), uint.Parse(fields[3], CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// What goes before a command so that it runs as this user. Where a path lies below a folder that is closed to
    /// others (root's home, say), the command may read past that, and nothing more: opening the folder to
    /// everyone, or keeping the data elsewhere than asked, would be worse.
    /// </summary>
    public IReadOnlyList<string> Prefix(params string[] pathsToReach)
    {
        string[] change = ["setpriv", $"--reuid={_userId}", $"--regid={_groupId}", "--clear-groups"];
        if (pathsToReach.All(IsOpenToOthers))
            return change;
        var capability = HasCapability(bit: 2) ? "dac_read_search" : HasCapability(bit: 1) ? "dac_override"
            : throw new EmbeddedServiceException(
                $"The user {Name} can't enter all of {string.Join(", ", pathsToReach)}: choose a data folder and a place of the repository " +
                "that other users can enter, or start as an ordinary user.");
        return [.. change, $"--inh-caps=+{capability}", $"--ambient-caps=+{capability}"];
    }

    /// <summary>Makes a folder that only its owner enters, or when we are root one that this user can pass through.</summary>
    public static void CreateFolderAbove(string path)
    {
        if (GetEffectiveUserId() == 0)
            PrivateFolder.CreatePassable(path);
        else
            PrivateFolder.Create(path);
    }

    /// <summary>Makes a folder or file this user's own.</summary>
    public void Own(string path)
    {
        if (ChangeOwner(path, _userId, _groupId) != 0)
            throw new EmbeddedServiceException($"{path} can't be given to the user {Name}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static bool IsOpenToOthers(string path)
    {
        for (var folder = Directory.GetParent(path); folder is not null; folder = folder.Parent)
            if (!folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        return true;
    }

    /// <summary>Bits as in capabilities(7) and linux/capability.h.</summary>
    private static bool HasCapability(int bit)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        return (ulong.Parse(line["CapEff:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> bit & 1) == 1;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint userId, uint groupId);
}
