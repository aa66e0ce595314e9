namespace Hrms.TestKit;

/// <summary>The checkout that the tests were built from: documents and files of it are compared with what the program does.</summary>
public static class RepositoryFolder
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "HrmsOrleans.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"There is no HrmsOrleans.sln above {AppContext.BaseDirectory}: run the tests from a clone.");
    }
}
