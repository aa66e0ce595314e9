using System.Net.Http.Headers;
using System.Security.Claims;
using Hrms.Api.GraphQL.Http;
using Microsoft.AspNetCore.Builder;

namespace Hrms.Api.Tests.GraphQLHttp;

[Trait("Feature", "64")]
public sealed class HttpTests : IAsyncLifetime
{
    private GraphQLTestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await GraphQLTestServer.StartAsync(options => options.BodySizeMaxBytes = 100_000);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("application/graphql-response+json", "application/graphql-response+json")]
    [InlineData("application/json", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json;q=0.5, application/graphql-response+json", "application/graphql-response+json")]
    [InlineData("text/plain, application/*;q=0.1", "application/json")]
    public async Task Accept_DecidesTheMediaType(string accept, string mediaType)
    {
        var answer = await _server.PostAsync(new { query = "{hello}" }, accept);
        Assert.Equal((200, mediaType), (answer.Status, answer.MediaType));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("{nothing}", "VALIDATION_FAILED")]
    [InlineData("{", "SYNTAX_ERROR")]
    [InlineData("query A{hello} query B{hello}", "OPERATION_NOT_NAMED")]
    [InlineData("subscription{ticks(topic:\"a\")}", "SUBSCRIPTION_NEEDS_STREAM", 406, 406)]
    [InlineData("query($n:Int!){hello}", "VALIDATION_FAILED")]
    [InlineData("query($n:[Int!]!){sum(numbers:$n)}", "BAD_VARIABLE")]
    public async Task BadDocument_HasStatus400OnlyInTheNewMediaType(string query, string code, int status = 400, int legacy = 200)
    {
        var answer = await _server.PostAsync(new { query });
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.False(answer.Body.TryGetProperty("data", out _));
        Assert.Equal(legacy, (await _server.PostAsync(new { query }, "application/json")).Status);
    }

    [Theory]
    [InlineData("[{\"query\":\"{hello}\"}]", 400, "BATCHING_NOT_SUPPORTED")]
    [InlineData("", 400, "BAD_REQUEST")]
    [InlineData("{\"query\":\"{hello}\"} trailing", 400, "BAD_REQUEST")]
    [InlineData("{\"query\":\"{hello}\",\"query\":\"{hello}\"}", 400, "BAD_REQUEST")]
    [InlineData("{\"query\":\"\\ud800\"}", 400, "BAD_REQUEST")]
    [InlineData("{\"query\":\"{hello}\"}", 415, "UNSUPPORTED_MEDIA_TYPE", "text/plain")]
    [InlineData("{\"query\":\"{hello}\"}", 415, "UNSUPPORTED_MEDIA_TYPE", "application/x-www-form-urlencoded")]
    [InlineData("{\"query\":\"{hello}\"}", 415, "UNSUPPORTED_MEDIA_TYPE", "application/json; charset=utf-16")]
    [InlineData("{\"query\":\"{hello}\"}", 406, "NOT_ACCEPTABLE", "application/json", "image/png")]
    public async Task MalformedRequest_IsRefusedWithItsStatus(
        string body, int status, string code, string contentType = "application/json", string accept = "application/json")
    {
        var answer = await _server.PostTextAsync(body, accept, contentType);
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData(100_000, 200)]
    [InlineData(100_001, 413)]
    public async Task BodySize_IsLimited(int size, int status)
    {
        var body = """{"query":"{hello}"}""".PadRight(size);
        Assert.Equal(status, (await _server.PostTextAsync(body)).Status);

        using var chunked = new HttpRequestMessage(HttpMethod.Post, _server.Url) { Content = new StringContent(body) };
        chunked.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        chunked.Headers.TransferEncodingChunked = true;
        using var response = await _server.Http.SendAsync(chunked);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task JsonDepth_IsLimited()
    {
        var deep = $$$"""{"query":"{hello}","variables":{"a":{{{new string('[', 5_000)}}}{{{new string(']', 5_000)}}} } }""";
        Assert.Equal((400, "BAD_REQUEST"), Seen(await _server.PostTextAsync(deep)));
    }

    [Fact]
    public async Task Get_RunsQueriesAndNeverMutations()
    {
        Assert.Equal(200, (await _server.GetAsync("{hello}")).Status);
        Assert.Equal((405, "MUTATION_BY_GET"), Seen(await _server.GetAsync("mutation{count}")));
        await using var server = await GraphQLTestServer.StartAsync(options => options.AllowGet = false);
        Assert.Equal((405, "METHOD_NOT_ALLOWED"), Seen(await server.GetAsync("{hello}")));
    }

    [Fact]
    public async Task OtherMethods_AreNotAllowed()
    {
        using var response = await _server.Http.DeleteAsync(_server.Url);
        Assert.Equal(405, (int)response.StatusCode);
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow.Order());
    }

    [Theory]
    [InlineData("{fails}")]
    [InlineData("{notANumber}")]
    public async Task Fault_IsMaskedForTheCallerAndInTheLog(string query)
    {
        var answer = await _server.PostAsync(new { query });
        Assert.Equal("INTERNAL_ERROR", answer.Code);
        Assert.DoesNotContain("secret", answer.Body.GetRawText(), StringComparison.Ordinal);
        var trace = answer.Message![(answer.Message!.IndexOf("trace ", StringComparison.Ordinal) + 6)..].TrimEnd('.');
        Assert.Contains(_server.Log.Lines, line => line.Contains(trace, StringComparison.Ordinal));
        Assert.DoesNotContain(_server.Log.Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{helo}")]
    [InlineData("{hello(nam:1)}")]
    [InlineData("query($a:Strin){hello}")]
    public async Task NamesOfTheSchema_AreNotSuggested(string query)
    {
        var answer = await _server.PostAsync(new { query });
        Assert.Equal("VALIDATION_FAILED", answer.Code);
        Assert.DoesNotContain("Did you mean", answer.Body.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Introspection_IsForWhomTheOptionSays()
    {
        await using var server = await GraphQLTestServer.StartAsync(
            options => options.AllowIntrospection = user => user.IsInRole("operator"),
            pipeline: app => app.Use((http, next) =>
            {
                if (http.Request.Headers.ContainsKey("X-Operator"))
                    http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, "operator"), new(ClaimTypes.Name, "Olga")], "test"));
                return next(http);
            }));
        const string Query = "{caller __schema{queryType{name}}}";
        Assert.Equal((400, "INTROSPECTION_NOT_ALLOWED"), Seen(await server.PostAsync(new { query = Query })));
        server.Http.DefaultRequestHeaders.Add("X-Operator", "1");
        Assert.Equal("Olga", (await server.PostAsync(new { query = Query })).Data.GetProperty("caller").GetString());
        server.Http.DefaultRequestHeaders.Remove("X-Operator"); // the document is in the cache now
        Assert.Equal((400, "INTROSPECTION_NOT_ALLOWED"), Seen(await server.PostAsync(new { query = Query })));
        Assert.Equal(200, (await server.PostAsync(new { query = "{hello}" })).Status);
    }

    [Fact]
    public async Task TrustedDocuments_AreFoundByNameAndHashAndCanBeRequired()
    {
        const string Hash = "c4e16e1a9e2eefb5d2b8e0c8d6fc5d5c"; // not a digest of ours
        await using var server = await GraphQLTestServer.StartAsync(options =>
        {
            options.TrustedDocuments = TrustedDocuments.From([new("Hello", "{hello}")]);
            options.RequireTrustedDocuments = true;
        });
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("{hello}"u8));
        Assert.Equal(200, (await server.PostAsync(new { documentId = "Hello" })).Status);
        Assert.Equal(200, (await server.PostAsync(new { documentId = "sha256:" + digest })).Status);
        Assert.Equal(200, (await server.PostAsync(new { extensions = new { persistedQuery = new { version = 1, sha256Hash = digest } } })).Status);
        Assert.Equal(200, (await server.PostAsync(new { query = "{hello}" })).Status);
        Assert.Equal((400, "DOCUMENT_NOT_FOUND"), Seen(await server.PostAsync(new { documentId = Hash })));
        Assert.Equal((400, "DOCUMENT_NOT_TRUSTED"), Seen(await server.PostAsync(new { query = "{caller}" })));
    }

    [Fact]
    public async Task UserContextAndScope_AreOfTheRequest()
    {
        await using var server = await GraphQLTestServer.StartAsync(
            options => options.CreateUserContext = (http, _) => new Dictionary<string, object?> { ["note"] = http.Request.Method });
        var first = (await server.PostAsync(new { query = "{userContext a:scope b:scope}" })).Data;
        var second = (await server.PostAsync(new { query = "{scope}" })).Data;
        Assert.Equal("POST", first.GetProperty("userContext").GetString());
        Assert.Equal(first.GetProperty("a").GetInt32(), first.GetProperty("b").GetInt32());
        Assert.NotEqual(first.GetProperty("a").GetInt32(), second.GetProperty("scope").GetInt32());
    }

    [Fact]
    public void Cache_ForgetsTheLeastRecentlyUsed()
    {
        var cache = new DocumentCache(2);
        var document = new PreparedDocument(GraphQLParser.Parser.Parse("{a}"), false, new Dictionary<GraphQLParser.AST.GraphQLOperationDefinition, long>());
        var keys = new[] { DocumentKey.Of("a"u8), DocumentKey.Of("b"u8), DocumentKey.Of("c"u8) };
        cache.Add(keys[0], document);
        cache.Add(keys[1], document);
        Assert.NotNull(cache.Find(keys[0]));
        cache.Add(keys[2], document);
        Assert.Equal([true, false, true], keys.Select(key => cache.Find(key) is not null));
        Assert.Equal(2, cache.Count);
    }

    private static (int, string?) Seen(GraphQLTestServer.Answer answer) => (answer.Status, answer.Code);
}
