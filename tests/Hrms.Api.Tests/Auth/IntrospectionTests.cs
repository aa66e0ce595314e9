using System.Net.Http.Json;
using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Api.GraphQL.Schema;
using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Auth;

/// <summary>While developing everybody may ask for the schema; in production operators alone (how <c>serve</c> says so to a stranger: ServedIdentityTests).</summary>
public sealed class IntrospectionTests(HrmsFixture hrms)
{
    private static readonly Guid Id = Guid.NewGuid();

    [Theory]
    [InlineData(HrmsRoles.Operator, "account", true)]
    [InlineData(HrmsRoles.Operator, "patient/*.rs", false), InlineData(HrmsRoles.Operator, "", false)]
    [InlineData(HrmsRoles.Auditor, "account", false), InlineData(HrmsRoles.Administrator, "account", false), InlineData(HrmsRoles.Organization, "account", false)]
    [InlineData(HrmsRoles.Practitioner, "account", false), InlineData(HrmsRoles.Patient, "account", false), InlineData(HrmsRoles.Device, "account", false)]
    public void InProduction_OnlyAnOperatorsWholeTokenIntrospects(string role, string scope, bool may)
    {
        Claim[] claims = [new("sub", $"{Id:D}"), new(HrmsClaims.Role, role), new(HrmsClaims.Scope, scope), .. new[] { HrmsClaims.Patient, HrmsClaims.Practitioner, HrmsClaims.Organization, HrmsClaims.Device }.Select(name => new Claim(name, $"{Id:D}"))];
        Assert.Equal(may, Introspection.ForOperators(new ClaimsPrincipal(new ClaimsIdentity(claims, "test"))));
    }

    [Fact]
    public void InProduction_NobodyWithoutAToken() => Assert.False(Introspection.ForOperators(new ClaimsPrincipal(new ClaimsIdentity())));

    [Fact]
    public async Task WhileDeveloping_Everybody()
    {
        await hrms.HostAsync();
        using var answer = await hrms.Http.PostAsJsonAsync("graphql", new { query = "{ __schema { queryType { name } } }" }, TestContext.Current.CancellationToken);
        Assert.Equal("Query", JsonOf(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    private static string? JsonOf(string body) => System.Text.Json.JsonElement.Parse(body).GetProperty("data").GetProperty("__schema").GetProperty("queryType").GetProperty("name").GetString();
}
