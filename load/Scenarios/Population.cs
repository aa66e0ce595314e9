using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>Somebody and the token to ask as them.</summary>
internal sealed record Party(Guid Id, string Token);

/// <summary>Registers patients and practitioners, as an operator does: those that the system's seed gives, each time others.</summary>
internal static class Population
{
    private const int AtOnce = 16;

    public static Task<IReadOnlyList<Party>> PatientsAsync(RunningSystem system, int count, CancellationToken stop) => ManyAsync(system, count, async (client, token, number) =>
    {
        using var answer = await client.AskAsync(
            token, "mutation($c:ID!){registerPatient(input:{commandId:$c}){patient{id} errors{code message}}}", stop, ("c", PlausiblePeople.PatientCommand(system.Seed, number).ToString("D")));
        var id = answer.RootElement.GetProperty("data").GetProperty("registerPatient").GetProperty("patient").GetProperty("id").GetGuid();
        return new Party(id, system.TokenOfPatient(id));
    }, stop);

    public static Task<IReadOnlyList<Party>> PractitionersAsync(RunningSystem system, int count, CancellationToken stop) => ManyAsync(system, count, async (client, token, number) =>
    {
        var (name, identifier) = PlausiblePeople.Practitioner(system.Seed, number);
        using var answer = await client.AskAsync(
            token,
            "mutation($n:String!,$v:String!){registerProvider(input:{kind:PRACTITIONER,name:$n,identifierSystem:\"urn:hrms:load\",identifierValue:$v}){provider{id} errors{code message}}}",
            stop, ("n", name), ("v", identifier));
        var id = answer.RootElement.GetProperty("data").GetProperty("registerProvider").GetProperty("provider").GetProperty("id").GetGuid();
        return new Party(id, system.TokenOfPractitioner(id));
    }, stop);

    /// <summary>Does something for each of many, some at a time.</summary>
    public static async Task ForEachAsync<T>(RunningSystem system, IReadOnlyList<T> all, Func<GraphQLClient, T, Task> act, CancellationToken stop) =>
        await Task.WhenAll(all.Chunk((all.Count + AtOnce - 1) / AtOnce).Select(async some =>
        {
            using var client = new GraphQLClient(system.NextUrl());
            foreach (var one in some)
                await act(client, one).WaitAsync(stop);
        }));

    public static string NewId() => Guid.NewGuid().ToString("D");

    private static async Task<IReadOnlyList<Party>> ManyAsync(RunningSystem system, int count, Func<GraphQLClient, string, int, Task<Party>> register, CancellationToken stop)
    {
        var (token, first) = (system.TokenOfOperator(), system.NextPeople(count));
        var all = new Party[count];
        await ForEachAsync(system, [.. Enumerable.Range(0, count)], async (client, i) => all[i] = await register(client, token, first + i), stop);
        return all;
    }
}
