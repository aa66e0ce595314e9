namespace Hrms.Domain.Tests.Golden;

/// <summary>
/// Yesterday's bytes: files beside these tests that must be readable for as long as the records they stand for. HRMS_WRITE_GOLDEN=1 writes those
/// that are missing; one that exists is never rewritten by a test.
/// </summary>
internal static class GoldenFile
{
    public static string Read(string name, Func<string> make)
    {
        var path = Path.Combine(Folder(), name);
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("HRMS_WRITE_GOLDEN") == "1")
            File.WriteAllText(path, make() + "\n");
        Assert.True(File.Exists(path), $"{path} is missing. HRMS_WRITE_GOLDEN=1 writes it, once, for a new kind.");
        return File.ReadAllText(path).TrimEnd('\n');
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HrmsOrleans.sln")))
                return Directory.CreateDirectory(Path.Combine(folder.FullName, "tests/Hrms.Domain.Tests/Golden")).FullName;
        }
        throw new InvalidOperationException($"No HrmsOrleans.sln above {AppContext.BaseDirectory}.");
    }
}
