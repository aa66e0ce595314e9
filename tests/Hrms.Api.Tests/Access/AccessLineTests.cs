using System.Net.Http.Headers;
using System.Net.Http.Json;
using GraphQL.Types;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.GraphQLHttp;
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
        var address = new Uri((await hrms.HostAsync()).Url, "graphql").ToString();

        foreach (var asker in new Party[] { doctor, stranger })
        {
            await using var socket = await SocketClient.ConnectAsync(address, payload: new { authorization = $"Bearer {asker.Token}" });
            var expected = 0;
            using var onPurpose = Traffic.AddressesOnPurpose();
            for (var i = 0; i < Looks; i++)
            {
                var read = fields[random.Next(fields.Count)];
                switch (random.Next(4))
                {
                    case 0:
                        await socket.SubscribeAsync($"{i}", read.Document, read.VariablesFor(ana.Id));
                        while ((await socket.ReceiveAsync()).GetProperty("type").GetString() is not ("complete" or "error"))
                        {
                        }
                        break;
                    case 1:
                        await SendAsync(asker, new HttpRequestMessage(HttpMethod.Get, $"graphql?query={Uri.EscapeDataString(read.Document)}&variables={Uri.EscapeDataString(System.Text.Json.JsonSerializer.Serialize(read.VariablesFor(ana.Id), Answer.Json))}"));
                        break;
                    case 2:
                        await SendAsync(asker, new HttpRequestMessage(HttpMethod.Get, $"fhir/Patient/{ana.Id}/$everything?_count={random.Next(1, 5)}"));
                        break;
                    default:
                        await SendAsync(asker, new HttpRequestMessage(HttpMethod.Post, "graphql") { Content = JsonContent.Create(new { query = read.Document, variables = read.VariablesFor(ana.Id) }, options: Answer.Json) });
                        break;
                }
                expected++;
            }
            // A command that is refused is an attempt, too.
            for (var i = random.Next(1, 6); i > 0; i--, expected++)
                await asker.SendsAsync("revokeConsent", new { commandId = Guid.NewGuid(), patient = ana.Id, consent = Guid.NewGuid() }, "consent { id }");

            var lines = await ana.HistoryOfAsync(asker);
            output.WriteLine($"{expected} looks, {lines.Count} lines: {string.Join(", ", lines.CountBy(line => line.Operation).Select(some => $"{some.Key} {some.Value}"))}");
            Assert.Equal(expected, lines.Count);
            Assert.Equal(lines.Count, lines.Select(line => line.StreamVersion).Distinct().Count());
        }
        Assert.Empty((await ana.ChecksHistoryAsync()).Problems);
    }

    private async Task SendAsync(Party asker, HttpRequestMessage request)
    {
        using (request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", asker.Token);
            using var answer = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True((int)answer.StatusCode is 200, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }
}
