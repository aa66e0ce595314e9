using GraphQL;
using GraphQL.Types;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.GraphQL.Schema;
using Hrms.Api.Tests.GraphQLHttp;
using Hrms.TestKit;
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
        var file = Path.Combine(RepositoryFolder.Root, "api", "schema.graphql");
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            await File.WriteAllTextAsync(file, printed, TestContext.Current.CancellationToken);

        var committed = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");

        Assert.True(printed == committed, $"The schema is not api/schema.graphql. If that is meant, run this test with {WriteVariable}=1 and review the difference.");
    }

    /// <summary>Whatever is found by an id is found once in a request: who adds such a field says so.</summary>
    [Fact, Trait("Feature", "67")]
    public async Task EveryFieldOfTheRootThatTakesAnId_IsALookUp()
    {
        var query = (await hrms.HostAsync()).Services.GetRequiredService<ISchema>().Query!;
        Assert.All(query.Fields, field => Assert.Equal(
            field.Arguments?.Any(argument => argument.ResolvedType!.GetNamedType() is IdGraphType) == true || field.Name.EndsWith("ByIdentifier", StringComparison.Ordinal), LookUpAttribute.IsOn(field)));
        Assert.True(LookUpAttribute.IsOn(query.Fields.Find("patient")!));
    }

    /// <summary>Of each payload the status can tell that the token was ended, also when nobody asked for its errors.</summary>
    [Fact]
    public void EveryPayloadWithErrors_IsOne() => Assert.All(
        typeof(IPayload).Assembly.GetTypes().Where(type => type.GetProperty(nameof(IPayload.Errors))?.PropertyType == typeof(IReadOnlyList<UserError>)),
        type => Assert.True(type.IsAssignableTo(typeof(IPayload)), type.Name));

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
