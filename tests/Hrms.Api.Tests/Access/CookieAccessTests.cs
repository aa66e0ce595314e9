using System.Text.Json;
using GraphQL.Types;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Access;

/// <summary>Who comes by our own web app's cookie gets of every operation what they get by a token of theirs, and nothing where the request could be another page's.</summary>
[Collection(nameof(TimeTravel))]
public sealed class CookieAccessTests(HrmsFixture hrms)
{
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task TheOwnerByCookie_GetsOfEveryOperationWhatTheOwnerGets()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = await WebApp.OfAsync(hrms, ana);
        var owner = await hrms.PatientAsync((await app.SessionAsync())!.Value.GetProperty("id").GetGuid());
        var (byCookie, byToken) = (await AccessWorld.MakeAsync(hrms, owner), await AccessWorld.MakeAsync(hrms));
        var twin = byToken.Ana;
        var schema = (await hrms.HostAsync()).Services.GetRequiredService<ISchema>();
        var signedInAt = DateTimeOffset.MinValue;
        List<string> different = [];

        foreach (var (own, other) in Operations(schema, byCookie).Zip(Operations(schema, byToken)))
        {
            var forged = app.Request(HttpMethod.Post, "graphql", Body(own, owner.Id));
            forged.Headers.Remove("X-CSRF");
            var forgedTold = Told(await app.AsksAsync(forged));
            if (hrms.Clock.GetUtcNow() - signedInAt > Stale)
            {
                await ana.SignsInAsync();
                signedInAt = hrms.Clock.GetUtcNow();
            }
            var (mine, theirs) = (Told(await app.AsksAsync(own.Document, own.VariablesFor(owner.Id))), Told(await (await twin.SignedInAgainAsync()).AsksAsync(other.Document, other.VariablesFor(twin.Id))));
            if (mine != theirs)
                different.Add($"{own.Row}: '{mine}' by cookie, '{theirs}' by token.");
            if (forgedTold != "UNAUTHENTICATED" && theirs != forgedTold)
                different.Add($"{own.Row}: '{forgedTold}' from another page.");
            if (forgedTold is "data" && own.IsOfPatient)
                different.Add($"{own.Row}: data from another page.");
        }
        Assert.True(different.Count == 0, string.Join('\n', different));
    }

    private static IEnumerable<Operation> Operations(ISchema schema, AccessWorld world)
    {
        var operations = new SchemaOperations(schema, world);
        return [.. operations.Reads(), .. operations.Mutations()];
    }

    private static object Body(Operation operation, Guid patient) => new { query = operation.Document, variables = operation.VariablesFor(patient) };

    /// <summary>Its code when it was refused, whether it holds anything when not.</summary>
    private static string Told(Answer answer)
    {
        if (answer.Error is { } error)
            return error;
        var data = answer.Body.GetProperty("data").EnumerateObject().First().Value;
        if (data.ValueKind == JsonValueKind.Object && data.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0)
            return errors[0].GetProperty("code").GetString()!;
        return data.ValueKind == JsonValueKind.Null ? "absent" : "data";
    }
}
