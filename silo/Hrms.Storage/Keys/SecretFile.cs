using System.Runtime.InteropServices;

namespace Hrms.Storage.Keys;

/// <summary>
/// Files that only their owner may read (mode 0600) and that are in their place as a whole or not at all. Whoever makes a key when there is none calls
/// <see cref="Create"/> and then reads: of several processes that start at once, one makes the key and all use it.
/// </summary>
public static partial class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <returns>False when a file is there already; it is left as it is.</returns>
    public static bool Create(string path, ReadOnlySpan<byte> content)
    {
        var draft = Draft(path, content);
        try
        {
            Publish(draft, path);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Puts a file in the place of the one that may be there.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content) => File.Move(Draft(path, content), path, overwrite: true);

    private static string Draft(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var draft = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(draft, options);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
        return draft;
    }

    // On Unix File.Move looks whether the target is there and then renames over it: two that do so at once both succeed, and one key is lost. link(2) fails for all but one.
    private static void Publish(string draft, string path)
    {
        if (OperatingSystem.IsWindows())
            File.Move(draft, path, overwrite: false);
        else if (Link(draft, path) != 0)
            throw new IOException($"The file '{path}' could not be made: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
