using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using static Hrms.TestKit.Fuzzing.ParserFuzz;

namespace Hrms.Api.Tests.Hostile;

/// <summary>Damaged GraphQL, over the running product's own schema: envelopes, addresses, documents, variables and messages of WebSockets.</summary>
[Trait("Fault", "F36")]
public sealed class GraphQLFuzzTests(HrmsFixture hrms, ITestOutputHelper output)
{
    private const string Search =
        "query Search($id: ID!, $where: RecordFilter, $first: Int = 5) { patient(id: $id, purpose: TREAT) { ...Known records(first: $first, where: $where) { totalCount nodes { id content codes { display } } } } } fragment Known on Patient { id overview { recordCount } }";

    private const string Grant =
        "mutation($input: GrantConsentInput!, $resource: FhirJson!, $patient: ID!) { grantConsent(input: $input) { consent { id } errors { code } } addRecord(input: {commandId: \"0190aaaa-0000-7000-8000-000000000002\", patient: $patient, resource: $resource}) { count } }";

    private const string GrantVariables =
        """{"patient":"0190aaaa-0000-7000-8000-000000000003","input":{"commandId":"0190aaaa-0000-7000-8000-000000000002","patient":"0190aaaa-0000-7000-8000-000000000003","grantee":{"anyone":true},"type":"DENY","purposes":["TREAT","urn:x|y"],"data":{"classes":["LABORATORY"],"from":"2026-01-01T00:00:00Z"},"validUntil":"2030-01-01T00:00:00Z","frequency":{"frequency":1,"period":2,"periodUnit":"HOUR"}},"resource":{"resourceType":"Observation","n":[1.5,2e3,null,true,"\ud83d\ude00"]}}""";

    private static byte[] Envelope(string query, string variables = "{}") => Utf8($$"""{"query":{{JsonSerializer.Serialize(query)}},"variables":{{variables}},"operationName":null,"extensions":{"a":1} }""");

    [Fact]
    public async Task Documents()
    {
        var run = await EngineAsync();
        Run(output, [Utf8(Search), Utf8("{ viewer { id kind } __typename }"), Utf8("subscription { ledgerCommitted { lane number } }"), Utf8(Grant)], document => run(new RequestEnvelope { Document = document }));
    }

    [Fact]
    public async Task Variables()
    {
        var run = await EngineAsync();
        Run(output, [Utf8(GrantVariables)], variables => IsObject(variables) && run(new RequestEnvelope { Document = Utf8(Grant), Variables = variables }));
    }

    [Fact]
    public async Task Envelopes()
    {
        var run = await EngineAsync();
        Run(
            output, [Envelope(Search, """{"id":"0190aaaa-0000-7000-8000-000000000003","where":{"text":"a","classes":["LABORATORY"]}}"""), Envelope(Grant, GrantVariables), Utf8("""{"documentId":"a","extensions":{"persistedQuery":{"sha256Hash":"00"}},"query":"{viewer{id}}"}""")],
            body => EnvelopeReader.TryRead(body, 64, out var envelope) is null && run(envelope));
    }

    [Fact]
    public async Task Addresses()
    {
        var (run, options) = (await EngineAsync(), new GraphQLHttpOptions());
        Run(
            output, [Utf8($"?query={Uri.EscapeDataString(Search)}&variables={Uri.EscapeDataString("""{"id":"0190aaaa-0000-7000-8000-000000000003"}""")}&operationName=Search"), Utf8("?query={viewer{id}}&extensions={}")],
            bytes => QueryStringReader.TryRead(new QueryCollection(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(bytes))), options, out var envelope) is null && run(envelope));
    }

    [Fact]
    public void Messages() => Run(
        output,
        [
            Utf8("""{"type":"connection_init","payload":{"Authorization":"Bearer abc","a":[{"b":null}]}}"""), Utf8("""{"id":"1","type":"subscribe","payload":{"query":"{viewer{id}}"}}"""), Utf8("""{"type":"complete","id":"1"}"""),
        ],
        bytes =>
        {
            if (!WebSocketMessage.TryRead(bytes, 64, out var message))
                return false;
            _ = message.BearerToken();
            return message.Payload.IsEmpty || EnvelopeReader.TryRead(message.Payload, 64, out _) is null;
        });

    /// <summary>Prepares, validates and runs a request of nobody: no grain is asked. A masked fault of a resolver or of the library counts as a fault.</summary>
    private async Task<Func<RequestEnvelope, bool>> EngineAsync()
    {
        var services = (await hrms.HostAsync()).Services;
        var (engine, nobody) = (services.GetRequiredService<GraphQLEngine>(), new ClaimsPrincipal());
        return envelope =>
        {
            var http = new DefaultHttpContext { RequestServices = services };
            if (engine.TryPrepare(envelope, http, nobody, out var operation) is not null)
                return false;
            var result = engine.ExecuteAsync(operation, http, nobody, services, CancellationToken.None).GetAwaiter().GetResult();
            Assert.DoesNotContain(result.Errors ?? [], error => error is global::GraphQL.Execution.UnhandledError);
            return true;
        };
    }

    private static bool IsObject(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
            var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
            }
            return isObject && System.Text.Unicode.Utf8.IsValid(json);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
