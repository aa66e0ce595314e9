using Hrms.Embedded;
using Xunit;

namespace Hrms.TestKit;

/// <summary>Whether the private services can run here.</summary>
public static class EmbeddedPrograms
{
    /// <summary>Call before a private service is needed: where its program is missing the test is skipped, in CI it fails.</summary>
    public static void SkipWhenMissing()
    {
        if (EmbeddedBinaries.WhyMissing() is not { } reason)
            return;
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            Assert.Fail(reason);
        Assert.Skip(reason);
    }
}
