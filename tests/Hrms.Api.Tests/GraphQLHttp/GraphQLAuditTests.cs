namespace Hrms.Api.Tests.GraphQLHttp;

public sealed class GraphQLAuditTests
{
    [Fact]
    [Trait("Feature", "64")]
    public async Task PublicAuditSuite_PassesInFull()
    {
        await using var server = await GraphQLTestServer.StartAsync();

        var findings = await GraphQLAudit.RunAsync(server.Url);

        Assert.True(findings.Count >= 60, $"The suite ran only {findings.Count} audits.");
        Assert.DoesNotContain(findings, finding => finding.Status != "ok");
    }
}
