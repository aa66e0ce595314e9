using System.IdentityModel.Tokens.Jwt;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Hrms.Api.Auth;
using Hrms.Api.Tests.Fhir.Profiles;
using Hrms.Api.Tests.GraphQLHttp;
using Hrms.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A caller's request and its token are known again in the patient's history, as IHE BALP wants it; and no token is written down anywhere.</summary>
[Trait("Feature", "46")]
public sealed class RequestIdTests(HrmsFixture hrms)
{
    private const string Total = "query($id: ID!) { patient(id: $id) { records { totalCount } } }";

    [Fact]
    public async Task ARequestsOwnId_ComesBack_AndIsInTheLineAndItsAuditEvent()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms());
        var longest = $"ward-7/{Guid.NewGuid():D}".PadRight(64, '~');

        Assert.Equal(longest, await AskAsync(drLee.Token, ana, longest));
        Assert.Equal(["x"], await ExportAsync(drLee.Token, ana, "x"));

        Assert.Equal(["x", longest], await RequestsAsync(ana, drLee));
        var audits = await ana.ExportsAsync(ana, "?_type=AuditEvent");
        Assert.All(new[] { "x", longest }, id => Assert.Contains(audits, audit => audit.IsLine() && RequestOf(audit) == id));
    }

    /// <summary>It is the connection's: each question that comes over it is of that request.</summary>
    [Fact]
    public async Task AWebSocketsId_IsInTheLinesOfItsQuestions()
    {
        var (ana, drLee, host) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.HostAsync());
        await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms());
        await using var socket = await SocketClient.ConnectAsync(
            new Uri(host.Url, "graphql").ToString(), payload: new { authorization = $"Bearer {drLee.Token}" }, requestId: "monitor-3");

        foreach (var id in (string[])["1", "2"])
        {
            await socket.SubscribeAsync(id, Total, new { id = ana.Id });
            Assert.Equal("next", (await socket.ReceiveAsync()).GetProperty("type").GetString());
            Assert.Equal("complete", (await socket.ReceiveAsync()).GetProperty("type").GetString());
        }

        Assert.Equal(["monitor-3", "monitor-3"], await RequestsAsync(ana, drLee));
    }

    [Fact]
    public async Task WithoutOne_NothingIsAdded_AndTheLineHasOurs()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());

        Assert.Null(await AskAsync(drLee.Token, ana, null));
        Assert.Empty(await ExportAsync(drLee.Token, ana, null));

        Assert.All(await RequestsAsync(ana, drLee), id => Assert.NotEmpty(id));
    }

    /// <summary>Too long, with what does not show, or a part of what proves who asks: as if it had not come.</summary>
    [Fact]
    public async Task WhatIsNoId_IsIgnored()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        foreach (var id in new[] { new string('x', 65), "two words", "tab\there", drLee.Token, drLee.Token[^64..], drLee.Token[^16..] })
        {
            Assert.Null(await AskAsync(drLee.Token, ana, id));
            Assert.DoesNotContain(id, await RequestsAsync(ana, drLee));
        }
    }

    [Fact]
    public async Task ATokensOwnId_IsInTheLine_AndInItsAuditEvents_ButNoTokenIsInAnyLog()
    {
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        var lab = await ana.AddsAsync(Clinic.LabResult());
        await ana.GrantsAsync(drLee, new Terms());
        await drLee.ReadsAsync(ana, lab);
        await drNo.ReadsAsync(ana, lab);
        await drLee.ReadsAsync(ana, lab, purpose: PurposeOfUse.HRESCH);
        var nameless = new Provider(hrms, drLee.Id, ProviderKind.Practitioner, await WithoutIdAsync(drLee.Id));
        await nameless.ReadsAsync(ana, lab);

        Assert.Equal(["end:" + nameless.Token[^32..], .. Enumerable.Repeat("jti:" + new JsonWebToken(drLee.Token).Id, 2)], await TokensAsync(ana, drLee));
        Assert.Equal(["jti:" + new JsonWebToken(drNo.Token).Id], await TokensAsync(ana, drNo));
        var audits = (await ana.ExportsAsync(ana, "?_type=AuditEvent")).Where(audit => audit.LineOf() is not null && audit.GetRawText().Contains($"{lab}", StringComparison.Ordinal)).ToList();
        Assert.All(audits, audit => Assert.Empty(ProfileValidator.Problems(System.Text.Json.Nodes.JsonNode.Parse(audit.GetRawText())!)));
        Assert.Equal(
            [$"urn:ietf:params:oauth:jti:{new JsonWebToken(drLee.Token).Id}", $"urn:ietf:params:oauth:jti:{new JsonWebToken(drNo.Token).Id}", nameless.Token[^32..]],
            audits.SelectMany(PoliciesOf).Distinct().Order(Comparer<string>.Create((a, b) => Rank(a).CompareTo(Rank(b)))));
        await using var file = new FileStream(hrms.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var log = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (var token in new[] { ana.Token, drLee.Token, drNo.Token, nameless.Token })
            Assert.DoesNotContain(token[^32..], log, StringComparison.Ordinal);

        int Rank(string policy) => policy.EndsWith(new JsonWebToken(drLee.Token).Id, StringComparison.Ordinal) ? 0 : policy.StartsWith("urn", StringComparison.Ordinal) ? 1 : 2;
    }

    private async Task<string?> AskAsync(string token, Patient patient, string? id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql")
        {
            Content = JsonContent.Create(new { query = Total, variables = new { id = patient.Id } }, options: Answer.Json),
        };
        return (await SendAsync(request, token, id)).SingleOrDefault();
    }

    private async Task<string[]> ExportAsync(string token, Patient patient, string? id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"fhir/Patient/{patient.Id}/$everything");
        return await SendAsync(request, token, id);
    }

    private async Task<string[]> SendAsync(HttpRequestMessage request, string token, string? id)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (id is not null)
            request.Headers.TryAddWithoutValidation("X-Request-Id", id);
        using var answer = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
        return answer.Headers.TryGetValues("X-Request-Id", out var sent) ? [.. sent] : [];
    }

    private static Task<IReadOnlyList<string>> RequestsAsync(Patient ana, Provider asker) => OfLinesAsync(ana, asker, "correlationId");

    private static Task<IReadOnlyList<string>> TokensAsync(Patient ana, Provider asker) => OfLinesAsync(ana, asker, "tokenName");

    private static async Task<IReadOnlyList<string>> OfLinesAsync(Patient ana, Provider asker, string field) => [.. (await ana.AsksAsync(
        $"query($id: ID!, $actor: ID!) {{ patient(id: $id) {{ accessHistory(where: {{actor: $actor}}) {{ nodes {{ {field} }} }} }} }}", new { id = ana.Id, actor = asker.Id }))
        .Patient.GetProperty("accessHistory").GetProperty("nodes").EnumerateArray().Select(line => line.GetProperty(field).GetString()!)];

    private static string? RequestOf(JsonElement audit) => audit.GetProperty("entity").EnumerateArray()
        .Where(entity => entity.GetProperty("type").GetProperty("code").GetString() == "XrequestId").Select(entity => entity.GetProperty("what").GetProperty("identifier").GetProperty("value").GetString())
        .SingleOrDefault();

    private static IEnumerable<string> PoliciesOf(JsonElement audit) => audit.GetProperty("agent").EnumerateArray()
        .Where(agent => agent.TryGetProperty("policy", out _)).SelectMany(agent => agent.GetProperty("policy").EnumerateArray()).Select(policy => policy.GetString()!);

    /// <summary>As an issuer elsewhere may make it.</summary>
    private async Task<string> WithoutIdAsync(Guid practitioner)
    {
        var key = (await hrms.HostAsync()).Services.GetRequiredService<DevelopmentIssuer>().Key;
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JwtSecurityTokenHandler { OutboundClaimTypeMap = new Dictionary<string, string>() }.WriteToken(new JwtSecurityToken(
            DevelopmentIssuer.Issuer, DevelopmentIssuer.Audience, TokenCommand.Claims(null, practitioner, null, null, false)!, now, now.AddDays(400), new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256)));
    }
}
