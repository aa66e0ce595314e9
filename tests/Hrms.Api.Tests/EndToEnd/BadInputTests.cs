using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>What can't be meant is answered with what is wrong and where, and changes nothing.</summary>
public sealed class BadInputTests(HrmsFixture hrms)
{
    [Fact]
    public async Task MalformedBody_IsRefusedWithItsLine()
    {
        var ana = await hrms.PatientAsync();

        var answer = await PostAsync(ana, """{"query": "{ viewer { id } }", }""");

        Assert.Equal((400, "BAD_REQUEST"), (answer.Status, answer.Error));
        Assert.Contains("line 1, byte", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"resourceType":"Observation","code":{"text":"x"}}""", "status")]
    [InlineData("""{"resourceType":"Observation","status":"finished","code":{"text":"x"}}""", "status")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"mood":"good"}""", "mood")]
    [InlineData("""{"resourceType":"Obsession","status":"final"}""", "resourceType")]
    [InlineData("""{"status":"final"}""", "resourceType")]
    public async Task WrongResource_IsRefusedWithItsPlace(string resource, string place)
    {
        var ana = await hrms.PatientAsync();

        var reply = await ana.AddsToAsync(ana, JsonElement.Parse(resource));

        Assert.Equal("INVALID", reply.Refusal);
        Assert.EndsWith(place, reply.Place, StringComparison.Ordinal);
        Assert.Empty(await ana.SeesAsync(ana));
    }

    [Fact]
    public async Task Bundle_WithOneBadEntry_StoresNothingAndNamesTheEntry()
    {
        var ana = await hrms.PatientAsync();
        var bad = JsonElement.Parse("""{"resourceType":"Observation","code":{"text":"no status"}}""");

        var reply = await ana.ImportsToAsync(ana, Clinic.Bundle(Clinic.LabResult(), Clinic.Prescription(), bad, Clinic.Diagnosis()));

        Assert.Equal("INVALID", reply.Refusal);
        Assert.StartsWith("Bundle.entry[2].resource", reply.Place, StringComparison.Ordinal);
        Assert.Empty(await ana.SeesAsync(ana));
    }

    [Fact]
    public async Task UnknownIds_AreNotFound()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());

        Assert.Null(await ana.ReadsAsync(ana, Guid.NewGuid()));
        Assert.Equal("NOT_FOUND", (await ana.TriesToRevokeAsync(Guid.NewGuid())).Refusal);
        Assert.Equal("NOT_FOUND", (await ana.AmendsAsync(ana, Guid.NewGuid(), 1, Clinic.LabResult())).Refusal);
        var unregistered = await hrms.PatientAsync(Guid.NewGuid());
        Assert.Equal("NOT_FOUND", (await unregistered.AddsToAsync(unregistered, Clinic.LabResult())).Refusal);
        Assert.Equal("NOT_FOUND", (await unregistered.TriesToGrantAsync(drLee, new Terms())).Refusal);
        Assert.Equal(400, (await ana.AsksAsync("""{ patient(id: "not-an-id") { id } }""")).Status);
    }

    [Fact]
    public async Task OversizedBody_IsRefused()
    {
        var ana = await hrms.PatientAsync();

        var answer = await PostAsync(ana, $$"""{"query":"{ viewer { id } }","variables":{ "x":"{{new string('x', 17 << 20)}}" } }""");

        Assert.Equal(413, answer.Status);
        Assert.NotNull(answer.Error);
    }

    [Fact]
    public async Task HostileQuery_IsRefusedBeforeAnyGrainIsAsked()
    {
        var (ana, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var fragments = string.Concat(Enumerable.Range(0, 20).Select(i => $"fragment f{i} on Patient {{ ...f{i + 1} ...f{i + 1} }} "));

        var answer = await drNo.AsksAsync($"query($id: ID!) {{ patient(id: $id) {{ ...f0 }} }} {fragments} fragment f20 on Patient {{ records {{ totalCount }} }}", new { id = ana.Id });

        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.Message);
        Assert.Empty(await ana.HistoryOfAsync(drNo));
    }

    [Fact]
    public async Task WrongPage_IsRefusedWithItsPlace()
    {
        var ana = await hrms.PatientAsync();

        foreach (var arguments in new[] { "first: 0", "first: 201", "first: 5, after: \"elsewhere\"" })
        {
            var answer = await ana.AsksAsync($"query($id: ID!) {{ patient(id: $id) {{ records({arguments}) {{ totalCount }} }} }}", new { id = ana.Id });
            Assert.Equal("INVALID", answer.Error);
        }
    }

    [Fact]
    public async Task WrongTerms_AreRefusedWithTheirPlace()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var now = hrms.Clock.GetUtcNow();

        var backwards = await ana.TriesToGrantAsync(drLee, new Terms { ValidFrom = now.AddDays(2), ValidUntil = now.AddDays(1) });
        var everyone = await ana.SendsAsync("grantConsent", new { commandId = Guid.NewGuid(), patient = ana.Id, grantee = new { anyone = true } }, "consent { id }");
        var nobody = await ana.SendsAsync("grantConsent", new { commandId = Guid.NewGuid(), patient = ana.Id, grantee = new { } }, "consent { id }");

        Assert.Equal(["INVALID", "INVALID", "INVALID"], new[] { backwards, everyone, nobody }.Select(reply => reply.Refusal));
        Assert.All([backwards, everyone, nobody], reply => Assert.NotNull(reply.Place));
        Assert.Empty(await ana.ConsentsAsync());
    }

    [Fact]
    public async Task OnlyOperators_Register()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());

        foreach (var party in new Party[] { ana, drLee })
        {
            Assert.Equal("FORBIDDEN", (await party.SendsAsync("registerPatient", new { commandId = Guid.NewGuid() }, "patient { id }")).Refusal);
            var input = new { kind = ProviderKind.Practitioner, name = "Dr Self", identifierSystem = "urn:test", identifierValue = $"{Guid.NewGuid()}" };
            Assert.Equal("FORBIDDEN", (await party.SendsAsync("registerProvider", input, "provider { id }")).Refusal);
        }
    }

    private async Task<Answer> PostAsync(Party party, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", party.Token);
        using var response = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
