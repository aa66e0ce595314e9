using Xunit;

namespace Hrms.TestKit;

/// <summary>
/// Sample patients that are kept beside the repository, never in it: in the folder that <c>HRMS_SAMPLES</c> names, else in
/// <c>shared/data</c> beside the repository or one folder higher.
/// </summary>
public static class SampleData
{
    public const string FolderVariable = "HRMS_SAMPLES";

    /// <summary>The path of a file or folder of the samples, such as <c>synthea-dev</c>; skips the test when it is not there.</summary>
    public static string Find(string name)
    {
        var path = Look(name);
        if (path is null)
            Assert.Skip($"No sample data \"{name}\": set {FolderVariable} to the folder that holds it.");
        return path;
    }

    /// <summary>As <see cref="Find"/>, but null when it is not there.</summary>
    public static string? Look(string name) => Folders().Select(folder => Path.Combine(folder, name)).FirstOrDefault(Path.Exists);

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen)
            return [chosen];
        var repository = Repository();
        return [Path.GetFullPath("../shared/data", repository), Path.GetFullPath("../../shared/data", repository)];
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "HrmsOrleans.sln")))
                return folder.FullName;
        return AppContext.BaseDirectory;
    }
}
