namespace Hrms.Embedded.Processes;

/// <summary>One owner per service folder: held open as long as the owner lives, and freed by the kernel when it dies.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    public static FolderLock Take(string folder)
    {
        try
        {
            return new FolderLock(new FileStream(Path.Combine(folder, "owner.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken) when (taken is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new EmbeddedServiceException(
                $"{folder} is in use by another running process. Stop that process, or choose another data folder.", taken);
        }
    }

    public void Dispose() => _file.Dispose();
}
