using System.Text.Json;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Identity;

/// <summary>What the history of an account says.</summary>
public static class AccountLines
{
    /// <summary>By an app that the person connects for it, which makes lines of its own: the newest are dropped.</summary>
    public static async Task<Patient> AsPatientAsync(this HrmsFixture hrms, Person person)
    {
        var token = (await new OAuthApp(hrms).IsConnectedAsync(person)).Access;
        return await hrms.PatientAsync((await new Bearer(hrms, token).ViewerAsync())!.Value, token);
    }

    /// <summary>All lines, newest first, page by page; null for who is shown nothing.</summary>
    public static async Task<IReadOnlyList<JsonElement>?> AccountHistoryAsync(this Party asker, Guid patient, int pageSize = 50)
    {
        List<JsonElement> lines = [];
        for (string? after = null; ;)
        {
            var answer = await asker.AsksAsync(
                """
                query($id: ID!, $first: Int!, $after: String) { patient(id: $id) { accountHistory(first: $first, after: $after) {
                    nodes { streamVersion at kind text way about count since by { kind id } } pageInfo { hasNextPage endCursor } } } }
                """,
                new { id = patient, first = pageSize, after });
            if (answer.Patient.GetProperty("accountHistory") is not { ValueKind: JsonValueKind.Object } page)
                return null;
            lines.AddRange(page.GetProperty("nodes").EnumerateArray());
            if (!page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean())
                return lines;
            after = page.GetProperty("pageInfo").GetProperty("endCursor").GetString();
        }
    }

    /// <summary>What happened, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> KindsAsync(this Patient patient) =>
        [.. (await patient.AccountHistoryAsync(patient.Id))!.Reverse().Select(line => line.GetProperty("kind").GetString()!)];

    /// <summary>What is else done every minute.</summary>
    public static async Task SweepsAccountsAsync(this HrmsFixture hrms) => await (await hrms.HostAsync()).Services.GetRequiredService<AccountSweep>().SweepAsync(TestContext.Current.CancellationToken);
}
