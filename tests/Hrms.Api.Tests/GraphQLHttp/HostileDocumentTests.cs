using System.Text;

namespace Hrms.Api.Tests.GraphQLHttp;

/// <summary>Measures processor time, so it runs alone.</summary>
[CollectionDefinition(nameof(HostileDocumentTests), DisableParallelization = true)]
public sealed class HostileDocumentCollection;

/// <summary>Documents built to exhaust a server: each is refused by name before a resolver runs, and cheaply.</summary>
[Collection(nameof(HostileDocumentTests))]
[Trait("Feature", "67")]
[Trait("Fault", "F36")]
public sealed class HostileDocumentTests(ITestOutputHelper output)
{
    private static readonly TimeSpan ProcessorTimeMax = TimeSpan.FromMilliseconds(100);

    /// <summary>Name, expected code with the default limits, expected code when text and tokens are not limited first.</summary>
    public static TheoryData<string, string, string> Corpus => new()
    {
        { "doubling fragments", "DOCUMENT_TOO_LARGE_EXPANDED", "DOCUMENT_TOO_LARGE_EXPANDED" },
        { "doubling fragments, unused", "DOCUMENT_TOO_LARGE_EXPANDED", "DOCUMENT_TOO_LARGE_EXPANDED" },
        { "doubling fragments without a field", "DOCUMENT_TOO_LARGE_EXPANDED", "DOCUMENT_TOO_LARGE_EXPANDED" },
        { "long chain of fragments", "DOCUMENT_TOO_MANY_FRAGMENTS", "DOCUMENT_TOO_MANY_FRAGMENTS" },
        { "10,000 aliases", "DOCUMENT_TOO_LARGE", "DOCUMENT_TOO_LARGE_EXPANDED" },
        { "100 aliases", "DOCUMENT_TOO_MANY_ALIASES", "DOCUMENT_TOO_MANY_ALIASES" },
        { "100 aliases through fragments", "DOCUMENT_TOO_MANY_ALIASES", "DOCUMENT_TOO_MANY_ALIASES" },
        { "two aliases of a look-up", "DOCUMENT_REPEATS_LOOK_UP", "DOCUMENT_REPEATS_LOOK_UP" },
        { "50 aliases of a look-up", "DOCUMENT_REPEATS_LOOK_UP", "DOCUMENT_REPEATS_LOOK_UP" },
        { "a look-up in the second of two operations", "DOCUMENT_REPEATS_LOOK_UP", "DOCUMENT_REPEATS_LOOK_UP" },
        { "look-ups in fragments within fragments", "DOCUMENT_REPEATS_LOOK_UP", "DOCUMENT_REPEATS_LOOK_UP" },
        { "directive flood", "DOCUMENT_TOO_MANY_TOKENS", "DOCUMENT_TOO_MANY_DIRECTIVES" },
        { "unknown directive flood", "DOCUMENT_TOO_MANY_DIRECTIVES", "DOCUMENT_TOO_MANY_DIRECTIVES" },
        { "deep nesting", "DOCUMENT_TOO_DEEP", "DOCUMENT_TOO_DEEP" },
        { "very deep nesting", "DOCUMENT_TOO_DEEP", "DOCUMENT_TOO_DEEP" },
        { "deep inline fragments", "DOCUMENT_TOO_DEEP", "DOCUMENT_TOO_DEEP" },
        { "huge list literal", "DOCUMENT_TOO_MANY_TOKENS", "DOCUMENT_TOO_MANY_VALUES" },
        { "deep list literal", "DOCUMENT_TOO_DEEP", "DOCUMENT_TOO_DEEP" },
        { "one field 2,500 times", "DOCUMENT_TOO_LARGE_EXPANDED", "DOCUMENT_TOO_LARGE_EXPANDED" },
        { "one field 999 times", "DOCUMENT_TOO_MANY_REPEATS", "DOCUMENT_TOO_MANY_REPEATS" },
        { "nested fields repeated", "DOCUMENT_TOO_MANY_REPEATS", "DOCUMENT_TOO_MANY_REPEATS" },
        { "inline fragments repeated", "DOCUMENT_TOO_MANY_REPEATS", "DOCUMENT_TOO_MANY_REPEATS" },
        { "330 fragments of one field", "DOCUMENT_TOO_MANY_FRAGMENTS", "DOCUMENT_TOO_MANY_FRAGMENTS" },
        { "50 fragments of one field and a fault", "VALIDATION_FAILED", "VALIDATION_FAILED" },
        { "50 fragments of 18 fields and a fault", "VALIDATION_FAILED", "VALIDATION_FAILED" },
        { "600 variables", "DOCUMENT_TOO_MANY_VARIABLES", "DOCUMENT_TOO_MANY_VARIABLES" },
        { "100 variables used ten times and a fault", "VALIDATION_FAILED", "VALIDATION_FAILED" },
        { "900 unknown arguments", "VALIDATION_FAILED", "VALIDATION_FAILED" },
        { "50 repeats of 18 fields and a fault", "VALIDATION_FAILED", "VALIDATION_FAILED" },
        { "900 unknown fields", "VALIDATION_FAILED", "VALIDATION_FAILED" },
        { "introspection in circles", "INTROSPECTION_TOO_DEEP", "INTROSPECTION_TOO_DEEP" },
        { "introspection in circles through fragments", "INTROSPECTION_TOO_DEEP", "INTROSPECTION_TOO_DEEP" },
        { "fragment that spreads itself", "FRAGMENT_CYCLE", "FRAGMENT_CYCLE" },
        { "ring of fragments", "FRAGMENT_CYCLE", "FRAGMENT_CYCLE" },
        { "many operations", "DOCUMENT_TOO_MANY_OPERATIONS", "DOCUMENT_TOO_MANY_OPERATIONS" },
        { "megabyte of comment", "DOCUMENT_TOO_LARGE", "DOCUMENT_TOO_LARGE" },
        { "many variables", "DOCUMENT_TOO_MANY_TOKENS", "DOCUMENT_TOO_MANY_VARIABLES" },
        { "unfinished", "SYNTAX_ERROR", "SYNTAX_ERROR" },
    };

    [Theory]
    [MemberData(nameof(Corpus))]
    public async Task HostileDocument_IsRefusedCheaply(string name, string code, string codeWithRoom)
    {
        await using var strict = await GraphQLTestServer.StartAsync();
        await using var roomy = await GraphQLTestServer.StartAsync(options =>
        {
            options.Document.SizeMaxBytes = 1 << 20;
            options.Document.TokensMax = 1_000_000;
        });
        var document = Document(name);

        await RefusesAsync(strict, document, code, name);
        await RefusesAsync(roomy, document, codeWithRoom, name + ", with room");
    }

    /// <summary>The same question twice is one question: what is put together of fragments stays possible.</summary>
    [Theory]
    [InlineData("{find(id:\"1\") hello}"), InlineData("{find(id:\"1\") ...F} fragment F on Query{find(id:\"1\")}"), InlineData("{a:find(id:\"1\") ...{a:find(id:\"1\")}}")]
    public async Task OneLookUp_IsAnswered(string document)
    {
        await using var server = await GraphQLTestServer.StartAsync();
        Assert.Contains("\"1\"", (await server.PostAsync(new { query = document })).Body.GetProperty("data").ToString(), StringComparison.Ordinal);
    }

    private async Task RefusesAsync(GraphQLTestServer server, string document, string code, string name)
    {
        var first = await server.PostAsync(new { query = document }); // compiles the code on the way
        var (second, spent) = await MeasureAsync(server, document);
        for (var attempt = 0; attempt < 20 && spent > ProcessorTimeMax / 2; attempt++) // others share the processor's caches and collector
            spent = TimeSpan.FromTicks(Math.Min(spent.Ticks, (await MeasureAsync(server, document)).Spent.Ticks));

        output.WriteLine($"{name}: {document.Length} bytes, {spent.TotalMilliseconds:F1} ms, {second.Code}: {second.Message}");
        Assert.Equal((400, code), (first.Status, first.Code));
        Assert.Equal((400, code), (second.Status, second.Code));
        Assert.False(second.Body.TryGetProperty("data", out _));
        Assert.True(spent < ProcessorTimeMax, $"{name} took {spent.TotalMilliseconds:F1} ms of processor time.");
    }

    private static async Task<(GraphQLTestServer.Answer Answer, TimeSpan Spent)> MeasureAsync(GraphQLTestServer server, string document)
    {
        var before = Environment.CpuUsage.TotalTime;
        var answer = await server.PostAsync(new { query = document });
        return (answer, Environment.CpuUsage.TotalTime - before);
    }

    private static string Document(string name) => name switch
    {
        "doubling fragments" => "{node{...F0}}" + Doubling(20, "level"),
        "doubling fragments, unused" => "{hello}" + Doubling(20, "level"),
        "doubling fragments without a field" => "{node{...F0}}" + Doubling(20, ""),
        "long chain of fragments" => "{node{...F0}}" + Repeat(250, i => $"fragment F{i} on Node{{...F{i + 1}}}") + "fragment F250 on Node{level}",
        "10,000 aliases" => $"{{{Repeat(10_000, i => $"a{i}:hello ")}}}",
        "100 aliases" => $"{{{Repeat(100, i => $"a{i}:hello ")}}}",
        "100 aliases through fragments" =>
            $"{{node{{...A next{{...A}}}}}} fragment A on Node{{{Repeat(50, i => $"a{i}:level ")}}}",
        "two aliases of a look-up" => "{find(id:\"1\") b:find(id:\"2\")}",
        "50 aliases of a look-up" => $"{{{Repeat(50, i => $"a{i}:find(id:\"{i}\") @skip(if:true) ")}}}",
        "a look-up in the second of two operations" => "query A{find(id:\"1\")} query B{find(id:\"1\") b:find(id:\"2\")}",
        "look-ups in fragments within fragments" =>
            $"{{...{{...F0}}}}{Repeat(49, i => $"fragment F{i} on Query{{a{i / 25}:find(id:\"{i / 25}\") ...F{i + 1}}}")}fragment F49 on Query{{hello}}",
        "directive flood" => $"{{hello {Repeat(900, _ => "@include(if:true)")}}}",
        "unknown directive flood" => $"{{hello {Repeat(1_500, _ => "@aa")}}}",
        "deep nesting" => $"{{node{Repeat(20, _ => "{next")}{{level}}{Repeat(20, _ => "}")}}}",
        "very deep nesting" => $"{{node{Repeat(1_300, _ => "{next")}{{level}}{Repeat(1_300, _ => "}")}}}",
        "deep inline fragments" => $"{{{Repeat(1_300, _ => "...{")}hello{Repeat(1_300, _ => "}")}}}",
        "huge list literal" => $"{{sum(numbers:[{Repeat(5_000, _ => "1,")}])}}",
        "deep list literal" => $"{{sum(numbers:{Repeat(1_900, _ => "[")}{Repeat(1_900, _ => "]")})}}",
        "one field 2,500 times" => $"{{{Repeat(2_500, _ => "hello ")}}}",
        "one field 999 times" => $"{{{Repeat(999, _ => "hello ")}}}",
        "nested fields repeated" => $"{{{Repeat(300, _ => "node{next{level}}")}}}",
        "inline fragments repeated" => $"{{{Repeat(400, _ => "...{hello}")}}}",
        "330 fragments of one field" =>
            $"{{node{{{Repeat(330, i => $"...F{i} ")}}}}}{Repeat(330, i => $"fragment F{i} on Node{{level}}")}",
        "50 fragments of one field and a fault" =>
            $"{{x node{{{Repeat(50, i => $"...F{i} ")}}}}}{Repeat(50, i => $"fragment F{i} on Node{{level}}")}",
        "50 fragments of 18 fields and a fault" =>
            $"{{x node{{{Repeat(50, i => $"...F{i} ")}}}}}{Repeat(50, i => $"fragment F{i} on Node{{{Repeat(18, field => $"f{field} ")}}}")}",
        "600 variables" => $"query Q({Repeat(600, i => $"$v{i}:Int ")}){{x}}",
        "100 variables used ten times and a fault" =>
            $"query Q({Repeat(100, i => $"$v{i}:Int ")}){{x sum(numbers:[{Repeat(900, i => $"$v{i % 100} ")}])}}",
        "900 unknown arguments" => $"{{hello({Repeat(900, i => $"nam{i}:1 ")})}}",
        "50 repeats of 18 fields and a fault" =>
            $"{{x {Repeat(50, _ => $"node{{{Repeat(18, i => $"f{i} ")}}}")}}}",
        "900 unknown fields" => $"{{{Repeat(900, i => $"helllo{i} ")}}}",
        "introspection in circles" => "{__schema{types{fields{type{fields{type{fields{type{name}}}}}}}}}",
        "introspection in circles through fragments" =>
            "{__schema{types{...A}}} fragment A on __Type{fields{type{...B}}} fragment B on __Type{fields{type{...C}}} fragment C on __Type{fields{name}}",
        "fragment that spreads itself" => "{node{...A}} fragment A on Node{next{...A}}",
        "ring of fragments" => "{node{...A}} fragment A on Node{...B} fragment B on Node{next{...C}} fragment C on Node{...A}",
        "many operations" => Repeat(100, i => $"query Q{i}{{hello}}"),
        "megabyte of comment" => "{hello}#" + new string('x', 1 << 20),
        "many variables" => $"query Q({Repeat(1_100, i => $"$v{i}:Int=1 ")}){{hello}}",
        "unfinished" => "{node{next{",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The corpus has no such document."),
    };

    /// <summary>Fragments of which each spreads the next one twice.</summary>
    private static string Doubling(int count, string field) =>
        Repeat(count, i => $"fragment F{i} on Node{{...F{i + 1} ...F{i + 1} {field}}}") + $"fragment F{count} on Node{{level}}";

    private static string Repeat(int count, Func<int, string> part)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
            text.Append(part(i));
        return text.ToString();
    }
}
