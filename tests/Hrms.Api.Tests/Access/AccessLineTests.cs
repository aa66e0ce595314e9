using System.Net.Http.Headers;
using System.Net.Http.Json;
using GraphQL.Types;
using Hrms.Api.Auth;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.GraphQLHttp;
using Hrms.Api.Tests.Identity;
using Hrms.Contracts;
using Hrms.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Access;

/// <summary>One line for each decision, whichever way it was asked for: no look without a line, and none that was counted twice.</summary>
[Collection(nameof(TimeTravel))]
[Trait("Feature", "24")]
public sealed class AccessLineTests(HrmsFixture hrms, ITestOutputHelper output)
{
    private const int Looks = 150;

    /// <summary>Of the fields of a patient those that ask nothing: the id is the asker's own.</summary>
    private static readonly string[] NoQuestion = ["patient.id"];

    [Fact]
    public async Task HoweverOftenAndByWhateverWaySomebodyLooks_TheHistoryHasALineForEach()
    {
        var world = await AccessWorld.MakeAsync(hrms);
        var random = Seed.Random(output);
        var fields = new SchemaOperations((await hrms.HostAsync()).Services.GetRequiredService<ISchema>(), world).Reads()
            .Where(read => read.Row.StartsWith("patient.", StringComparison.Ordinal) && !NoQuestion.Contains(read.Row)).ToList();
        var (ana, doctor, stranger) = (world.Ana, await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        await ana.GrantsAsync(doctor, new Terms { Classes = [DataClass.Laboratory] });
        for (var day = 1; day <= 6; day++)
            await ana.AddsAsync(Clinic.LabResult($"2025-04-0{day}T08:00:00Z"));
        var address = new Uri((await hrms.HostAsync()).Url, "graphql").ToString();

        foreach (var asker in new Party[] { doctor, stranger })
        {
            await using var socket = await SocketClient.ConnectAsync(address, payload: new { authorization = $"Bearer {asker.Token}" });
            var (expected, furtherPages) = (0, 0);
            string? next = null;
            using var onPurpose = Traffic.AddressesOnPurpose();
            for (var i = 0; i < Looks; i++)
            {
                var read = fields[random.Next(fields.Count)];
                switch (random.Next(6))
                {
                    case 0:
                        await AsksBySocketAsync(socket, $"{i}", read.Document, read.VariablesFor(ana.Id));
                        break;
                    case 1:
                        await SendAsync(asker, new HttpRequestMessage(HttpMethod.Get, $"graphql?query={Uri.EscapeDataString(read.Document)}&variables={Uri.EscapeDataString(System.Text.Json.JsonSerializer.Serialize(read.VariablesFor(ana.Id), Answer.Json))}"));
                        break;
                    case 2:
                        next = await ExportsAsync(asker, $"fhir/Patient/{ana.Id}/$everything?_count={random.Next(1, 5)}");
                        break;
                    case 3 when next is not null:
                        next = await ExportsAsync(asker, next);
                        furtherPages++;
                        break;
                    case 4:
                        await SendAsync(asker, Question(read, ana), "text/event-stream");
                        break;
                    default:
                        await SendAsync(asker, Question(read, ana));
                        break;
                }
                expected++;
            }
            // A command that is refused is an attempt, too.
            for (var i = random.Next(1, 6); i > 0; i--, expected++)
                await asker.SendsAsync("revokeConsent", new { commandId = Guid.NewGuid(), patient = ana.Id, consent = Guid.NewGuid() }, "consent { id }");

            var lines = await ana.HistoryOfAsync(asker);
            output.WriteLine($"{expected} looks, {furtherPages} of them further pages, {lines.Count} lines: {string.Join(", ", lines.CountBy(line => line.Operation).Select(some => $"{some.Key} {some.Value}"))}");
            Assert.Equal(expected, lines.Count);
            Assert.Equal(lines.Count, lines.Select(line => line.StreamVersion).Distinct().Count());
            Assert.True(furtherPages > 0 || asker != doctor, "The seed turned no page.");
        }
        Assert.Empty((await ana.ChecksHistoryAsync()).Problems);
    }

    /// <summary>What who runs the system, or audits how it is run, looks at is in the trail: once in five minutes each, whichever way they come.</summary>
    [Fact, Trait("Feature", "45")]
    public async Task WhateverStaffLookAt_TheTrailHasALineForEach_OnceInFiveMinutes()
    {
        var (random, ana, clinic) = (Seed.Random(output), await hrms.PatientAsync(), await hrms.OrganizationAsync());
        var reader = new Bearer(hrms, await hrms.TokenOfStaffAsync(HrmsRoles.Auditor, Guid.NewGuid()));
        var installation = Installation.Id.Value;
        (string What, string? Query)[] looks =
        [
            ("/operations", null), ("/metrics", null), ("/operations/orleans/DashboardCounters", null), ("auditTrail", "{ auditTrail(first: 1) { what } }"), ($"glass reviews of {GlassReviewers.Operators}", "{ glassReviews { id } }"),
            ($"administration of {installation}", "{ administration { __typename } }"), ($"administration of {clinic.Id}", $"{{ administration(provider: \"{clinic.Id}\") {{ __typename }} }}"),
            ($"accounts of {installation}", "{ organizationAccounts { __typename } }"), ($"accounts of {clinic.Id}", $"{{ organizationAccounts(organization: \"{clinic.Id}\") {{ __typename }} }}"),
            ("ledger lane 0", "{ ledger { inspection { chainEpoch } } }"),
        ];
        foreach (var role in new[] { HrmsRoles.Operator, HrmsRoles.Auditor })
        {
            var who = Guid.NewGuid();
            var token = await hrms.TokenOfStaffAsync(role, who);
            var (asker, expected, noted) = (new Bearer(hrms, token), new List<string>(), new Dictionary<string, DateTimeOffset>());
            await using var socket = await SocketClient.ConnectAsync(new Uri((await hrms.HostAsync()).Url, "graphql").ToString(), payload: new { authorization = $"Bearer {token}" });
            for (var i = 0; i < 40; i++)
            {
                if (random.Next(8) == 0)
                    hrms.Clock.Advance(TimeSpan.FromMinutes(6));
                var (what, query) = looks[random.Next(looks.Length)];
                if (query is null)
                    await SendAsync(asker, new HttpRequestMessage(HttpMethod.Get, what));
                else if (random.Next(3) is var way && way == 0)
                    await AsksBySocketAsync(socket, $"{i}", query, null);
                else
                    await SendAsync(asker, new HttpRequestMessage(HttpMethod.Post, "graphql") { Content = JsonContent.Create(new { query }) }, way == 1 ? "text/event-stream" : "application/json");
                if (!noted.TryGetValue(what, out var at) || hrms.Clock.GetUtcNow() - at >= TimeSpan.FromMinutes(5))
                {
                    expected.Add(what);
                    noted[what] = hrms.Clock.GetUtcNow();
                }
                // An operator does not wait longer than two seconds for the line.
                await Deadline.UntilAsync("the look in the trail", async () => (await TrailAsync(reader, who)).Count >= expected.Count ? expected : null);
            }
            Assert.Equal(expected, await TrailAsync(reader, who));
            output.WriteLine($"{role}: {expected.Count} lines of 40 looks");
        }
        Assert.Empty(await ana.SeesAsync(ana));
    }

    /// <summary>What somebody looked at, oldest first.</summary>
    private static async Task<IReadOnlyList<string>> TrailAsync(Party reader, Guid who) =>
    [
        .. (await reader.AsksAsync("{ auditTrail(first: 200) { auditor what } }")).Data.GetProperty("auditTrail").EnumerateArray()
            .Where(look => look.GetProperty("auditor").GetGuid() == who).Select(look => look.GetProperty("what").GetString()!).Reverse(),
    ];

    private static async Task AsksBySocketAsync(SocketClient socket, string id, string query, object? variables)
    {
        await socket.SubscribeAsync(id, query, variables);
        while ((await socket.ReceiveAsync()).GetProperty("type").GetString() is not ("complete" or "error"))
        {
        }
    }

    private static HttpRequestMessage Question(Operation read, Patient ana) =>
        new(HttpMethod.Post, "graphql") { Content = JsonContent.Create(new { query = read.Document, variables = read.VariablesFor(ana.Id) }, options: Answer.Json) };

    /// <summary>Takes a page away, and tells where the next one is.</summary>
    private static async Task<string?> ExportsAsync(Party asker, string address)
    {
        var page = await asker.GetsOnceAsync(address);
        Assert.Equal(200, page.Status);
        return page.Next;
    }

    private async Task SendAsync(Party asker, HttpRequestMessage request, string accept = "*/*")
    {
        using (request)
        {
            request.Headers.Accept.ParseAdd(accept);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", asker.Token);
            using var answer = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True((int)answer.StatusCode is 200, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }
}
