namespace Hrms.Tidy.Tests;

internal static class Offences
{
    /// <summary>Fails with all offenders, one a line: whoever reads it should not have to run it again for the next one.</summary>
    public static void None<T>(IEnumerable<T> found)
    {
        var offenders = found.ToList();
        Assert.True(offenders.Count == 0, string.Join(Environment.NewLine, offenders));
    }
}
