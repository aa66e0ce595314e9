using GraphQL;
using GraphQL.Types;
using Hrms.Api.Tests.GraphQLHttp;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>The schema is a promise to the apps: it changes only together with the committed file.</summary>
public sealed class SchemaTests(HrmsFixture hrms)
{
    /// <summary>Set it to 1 to rewrite the file instead of comparing.</summary>
    private const string WriteVariable = "HRMS_WRITE_SCHEMA";

    [Fact, Trait("Feature", "64")]
    public async Task Schema_IsTheCommittedOne()
    {
        var host = await hrms.HostAsync();
        var printed = host.Services.GetRequiredService<ISchema>().Print(new() { StringComparison = StringComparison.Ordinal }).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var file = Path.Combine(Repository.Folder, "api", "schema.graphql");
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            await File.WriteAllTextAsync(file, printed, TestContext.Current.CancellationToken);

        var committed = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");

        Assert.True(printed == committed, $"The schema is not api/schema.graphql. If that is meant, run this test with {WriteVariable}=1 and review the difference.");
    }

    [Fact, Trait("Feature", "64")]
    public async Task PublicAuditSuite_PassesInFull()
    {
        var host = await hrms.HostAsync();
        var ana = await hrms.PatientAsync();

        var findings = await GraphQLAudit.RunAsync(new Uri(host.Url, "graphql").ToString(), ana.Token);

        Assert.True(findings.Count >= 60, $"The suite ran only {findings.Count} audits.");
        Assert.DoesNotContain(findings, finding => finding.Status != "ok");
    }
}
