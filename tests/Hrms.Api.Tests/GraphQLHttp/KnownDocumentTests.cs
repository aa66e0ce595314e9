using System.Text.Json;
using GraphQLParser;
using GraphQLParser.AST;
using Hrms.Api.GraphQL.Http;

namespace Hrms.Api.Tests.GraphQLHttp;

/// <summary>A document that was answered before is answered as at the first time, whatever its variables hold now.</summary>
[Trait("Feature", "64")]
public sealed class KnownDocumentTests : IAsyncLifetime
{
    private GraphQLTestServer _known = null!, _fresh = null!;

    public async ValueTask InitializeAsync() => (_known, _fresh) = (await GraphQLTestServer.StartAsync(), await GraphQLTestServer.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _known.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Theory]
    [InlineData("query($n:String!){hello(name:$n)}", """{"n":"Ana"}""", """{"n":"Lee"}""")]
    [InlineData("query($n:String!){hello(name:$n)}", """{"n":"Ana"}""", """{"n":null}""")]
    [InlineData("query($n:String!){hello(name:$n)}", """{"n":"Ana"}""", "{}")]
    [InlineData("query($n:String!){hello(name:$n)}", """{"n":"Ana"}""", """{"n":[1]}""")]
    [InlineData("query($n:String){hello(name:$n)}", """{"n":"Ana"}""", "{}")]
    [InlineData("query($n:String){hello(name:$n)}", "{}", """{"n":"Ana"}""")]
    [InlineData("query($n:String=\"Lee\"){hello(name:$n)}", """{"n":"Ana"}""", "{}")]
    [InlineData("query($n:String=\"Lee\"){a:hello(name:$n) b:hello}", "{}", """{"n":"Ana"}""")]
    [InlineData("query($n:[Int!]!){v:sum(numbers:$n)}", """{"n":[1,2]}""", """{"n":[1,null]}""")]
    [InlineData("query($n:[Int!]!){v:sum(numbers:$n)}", """{"n":[1,2]}""", """{"n":5}""")]
    [InlineData("query($n:[Int!]!){v:sum(numbers:$n)}", """{"n":[1,2]}""", """{"n":["x"]}""")]
    [InlineData("query($n:Int!){v:sum(numbers:[1,$n])}", """{"n":2}""", """{"n":40}""")]
    [InlineData("query($m:Measure!){v:describe(measure:$m)}", """{"m":{"code":"a","value":1}}""", """{"m":{"code":"b"}}""")]
    [InlineData("query($m:Measure!){v:describe(measure:$m)}", """{"m":{"code":"a","value":1}}""", """{"m":{"code":"b","value":2,"detail":{"x":[1.50]}}}""")]
    [InlineData("query($c:String!){v:describe(measure:{code:$c,value:1})}", """{"c":"a"}""", """{"c":"b"}""")]
    [InlineData("query($i:Boolean!){a:hello @include(if:$i) b:hello}", """{"i":true}""", """{"i":false}""")]
    [InlineData("query($n:String!){...F} fragment F on Query{hello(name:$n)}", """{"n":"Ana"}""", """{"n":"Lee"}""")]
    [InlineData("query($n:String!){...on Query{a:hello(name:$n) ...{b:hello(name:$n)}}}", """{"n":"Ana"}""", """{"n":"Lee"}""")]
    [InlineData("query($n:String!){__typename node{next{__typename}} hello(name:$n)}", """{"n":"Ana"}""", """{"n":"Lee"}""")]
    [InlineData("query($n:String!){fails hello(name:$n)}", """{"n":"Ana"}""", """{"n":3}""")]
    public async Task KnownDocument_IsAnsweredLikeANewOne(string query, string before, string now)
    {
        for (var i = 0; i < 2; i++)
            await _known.PostTextAsync(Request(query, before));
        var (expected, answer) = (await _fresh.PostTextAsync(Request(query, now)), await _known.PostTextAsync(Request(query, now)));
        Assert.Equal((expected.Status, Told(expected)), (answer.Status, Told(answer)));
        // And it was not the wrong one that made it so.
        Assert.Equal(Told(await _fresh.PostTextAsync(Request(query, before))), Told(await _known.PostTextAsync(Request(query, before))));
    }

    [Theory]
    [InlineData("mutation{count}", 0)]
    [InlineData("query($n:String!){hello(name:$n) ...F} fragment F on Query{a:hello(name:\"x\") ...G} fragment G on Query{node{next{level}}}", 2)]
    [InlineData("query($i:Boolean!){hello @skip(if:$i)}", null)]
    [InlineData("{...F @include(if:true)} fragment F on Query{hello}", null)]
    [InlineData("subscription{ticks(topic:\"a\")}", null)]
    public void Plan_NamesTheFieldsWithArguments_AndLeavesDirectivesToTheLibrary(string query, int? fields)
    {
        var document = Parser.Parse(query);
        Assert.Equal(fields, OperationPlan.Of(document, document.Definitions.OfType<GraphQLOperationDefinition>().First(), _known.Schema)?.Fields.Count);
    }

    private static string Request(string query, string variables) => $$"""{"query":{{JsonSerializer.Serialize(query)}},"variables":{{variables}}}""";

    /// <summary>All of the answer but a fault's trace id, which no two have in common.</summary>
    private static string Told(GraphQLTestServer.Answer answer) => System.Text.RegularExpressions.Regex.Replace(answer.Body.GetRawText(), "trace [0-9a-f]{32}", "trace");
}
