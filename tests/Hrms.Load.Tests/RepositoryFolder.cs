namespace Hrms.Load.Tests;

/// <summary>The checkout that the tests were built from: documents and files of it are compared with what the program does.</summary>
internal static class RepositoryFolder
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "HrmsOrleans.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no checkout.");
        return folder.FullName;
    }
}
