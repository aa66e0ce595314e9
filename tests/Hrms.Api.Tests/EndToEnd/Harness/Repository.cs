namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Where the tests' own sources are.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "HrmsOrleans.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"There is no HrmsOrleans.sln above {AppContext.BaseDirectory}: run the tests from a clone.");
    }
}
