using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Hrms.Api.Tests.GraphQLHttp;

[Trait("Feature", "64")]
public sealed class VariableTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Size = "query($r:FhirJson!){size(resource:$r)}";
    private const string Echo = "query($r:FhirJson!){echo(resource:$r)}";
    private GraphQLTestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await GraphQLTestServer.StartAsync(options => options.VariableValuesMax = 100);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("query($n:[Int!]!){v:sum(numbers:$n)}", """{"n":[1,2,3]}""", "6")]
    [InlineData("query($n:[Int!]!){v:sum(numbers:$n)}", """{"n":7,"unknown":{"a":[1]}}""", "7")]
    [InlineData("query($m:Measure!){v:describe(measure:$m)}", """{"m":{"code":"8867-4","value":72}}""", "8867-4=72")]
    [InlineData("query($m:Measure!){v:describe(measure:$m)}", """{"m":{"code":"a","value":1e2,"detail":{"x":[1.50]}}}""", """a=100{"x":[1.50]}""")]
    [InlineData("query($d:Decimal!){v:exact(value:$d)}", """{"d":0.1234567890123456789}""", "0.1234567890123456789")]
    [InlineData("query($r:FhirJson!){v:echo(resource:$r)}", """{"r":{ "a" : "\u00e9" }}""", """{ "a" : "\u00e9" }""")]
    [InlineData("{v:echo(resource:{a:1,b:[1.50,\"x\",true,null,{c:{}}]})}", "{}", """{"a":1,"b":[1.50,"x",true,null,{"c":{}}]}""")]
    [InlineData("{v:raw}", "{}", """{"resourceType":"Patient","note":"Zoë"}""")]
    public async Task Variables_ArriveAsDeclared(string query, string variables, string expected)
    {
        var answer = await _server.PostTextAsync($$"""{"query":{{JsonSerializer.Serialize(query)}},"variables":{{variables}}}""");
        var value = answer.Data.GetProperty("v");
        Assert.Equal(expected, value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText());
    }

    [Theory]
    [InlineData(Size, """{"r":[]}""", "BAD_VARIABLE")]
    [InlineData(Size, """{"r":"text"}""", "BAD_VARIABLE")]
    [InlineData(Size, """{"r":{"a":1,"a":2}}""", "BAD_VARIABLE")]
    [InlineData(Size, """{"r":null}""", "BAD_VARIABLE")]
    [InlineData(Size, "{}", "BAD_VARIABLE")]
    [InlineData("{size(resource:3)}", "{}", "VALIDATION_FAILED")]
    [InlineData("query($n:[Int!]!){sum(numbers:$n)}", """{"n":["x"]}""", "BAD_VARIABLE")]
    [InlineData("query($m:Measure!){describe(measure:$m)}", """{"m":{"code":"a","value":1,"code":"b"}}""", "BAD_VARIABLE")]
    [InlineData("query($m:Measure!){describe(measure:$m)}", """{"m":{"code":"a","value":1,"other":1}}""", "BAD_VARIABLE")]
    [InlineData("query($d:Decimal!){exact(value:$d)}", """{"d":1e999}""", "BAD_VARIABLE")]
    public async Task BadVariable_IsRefusedBriefly(string query, string variables, string code)
    {
        var answer = await _server.PostTextAsync($$"""{"query":{{JsonSerializer.Serialize(query)}},"variables":{{variables}}}""");
        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.True(answer.Message!.Length < 520);
    }

    [Theory]
    [InlineData(99, 200, null)]
    [InlineData(100, 400, "TOO_MANY_VARIABLE_VALUES")]
    public async Task ValuesOfVariables_AreCounted(int items, int status, string? code)
    {
        var answer = await _server.PostAsync(new { query = "query($n:[Int!]!){sum(numbers:$n)}", variables = new { n = Enumerable.Repeat(1, items) } });
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task LargeRecord_PassesThroughInBothDirections()
    {
        var bundle = Bundle(3_500_000);
        var upload = $$$"""{"query":"{{{Size}}}","variables":{"r":{{{bundle}}} } }""";
        await _server.PostTextAsync(upload);
        await _server.PostTextAsync(upload);
        var (before, clock) = (GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
        var answer = await _server.PostTextAsync(upload);
        output.WriteLine($"{upload.Length} bytes up: {clock.ElapsedMilliseconds} ms, {GC.GetTotalAllocatedBytes() - before} bytes allocated by client and server");
        Assert.Equal(Encoding.UTF8.GetByteCount(bundle), answer.Data.GetProperty("size").GetInt32());

        clock.Restart();
        var echo = await _server.PostTextAsync(upload.Replace(Size, Echo, StringComparison.Ordinal));
        output.WriteLine($"up and down: {clock.ElapsedMilliseconds} ms");
        Assert.Equal(bundle, echo.Data.GetProperty("echo").GetRawText());
    }

    /// <summary>A Bundle of about so many bytes with the nesting of real ones.</summary>
    private static string Bundle(int bytes)
    {
        const string Entry = """
            {"fullUrl":"urn:uuid:0","resource":{"resourceType":"Observation","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}],"text":"Heart rate"},"subject":{"reference":"urn:uuid:1"},"effectiveDateTime":"2026-01-01T00:00:00Z","valueQuantity":{"value":72.5,"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}}}
            """;
        return $$"""{"resourceType":"Bundle","type":"collection","entry":[{{string.Join(',', Enumerable.Repeat(Entry.Trim(), bytes / Entry.Length))}}]}""";
    }
}
