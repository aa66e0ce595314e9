using Hrms.Api.GraphQL.Http;
using GraphQLParser;

namespace Hrms.Api.Tests.GraphQLHttp;

/// <summary>Long lines are broken where that changes nothing, so that an error at the end of one costs little and is told at its own place.</summary>
[Trait("Feature", "67")]
[Trait("Fault", "F36")]
public sealed class DocumentLinesTests
{
    [Fact]
    public void BreaksChangeNoToken()
    {
        var fields = string.Concat(Enumerable.Range(0, 900).Select(i => $"f{i}(a: \"x, y # z\\\" w\", b: \"\"\"one, two \\\"\"\" three\"\"\"),"));
        var text = $"{{{fields}}} # a comment, with blanks {new string('c', 600)} and so on\n{{b}}";
        var broken = DocumentLines.Broken(text)!;

        Assert.False(DocumentLines.AreShort(text));
        Assert.True(DocumentLines.AreShort(broken.Text));
        Assert.Equal(Tokens(text), Tokens(broken.Text));
    }

    [Theory]
    [InlineData("{a", "}"), InlineData("@aa", ""), InlineData("...{", "}"), InlineData("[", "]"), InlineData("$v:Int=1,", "")]
    public void ADocumentWithoutBlanks_IsBrokenToo(string open, string close)
    {
        var text = string.Concat(Enumerable.Repeat(open, 3_000)) + string.Concat(Enumerable.Repeat(close, 3_000));
        Assert.Equal(Tokens(text), Tokens(DocumentLines.Broken(text)!.Text));
    }

    [Fact]
    public void ATextThatIsTooLong_CannotBeBroken()
    {
        Assert.Null(DocumentLines.Broken($"{{a(x: \"{new string('x', 5_000)}\")}}"));
        Assert.NotNull(DocumentLines.Broken($"{{a(x: \"{new string('x', 3_000)}\")}}"));
    }

    [Theory]
    [InlineData("{hello\r)}", 2, 1), InlineData("{hello\r\n)}", 2, 1), InlineData("\r\r{hello\n\r)}", 5, 1), InlineData("{hello)\r", 1, 7)]
    public async Task AnErrorBehindAnyEndOfALine_IsToldAtItsPlace(string query, int line, int column)
    {
        await using var server = await GraphQLTestServer.StartAsync();
        var answer = await server.PostAsync(new { query });
        var place = answer.Body.GetProperty("errors")[0].GetProperty("locations")[0];
        Assert.Equal(("SYNTAX_ERROR", line, column), (answer.Code, place.GetProperty("line").GetInt32(), place.GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task AnErrorFarOut_IsToldAtItsPlace()
    {
        await using var server = await GraphQLTestServer.StartAsync();
        var answer = await server.PostAsync(new { query = $"{{{string.Concat(Enumerable.Range(0, 700).Select(i => $"hello{i} "))} ) }}" });
        var place = answer.Body.GetProperty("errors")[0].GetProperty("locations")[0];
        Assert.Equal("SYNTAX_ERROR", answer.Code);
        Assert.Equal((1, 1 + 700 * 6 + 10 + 180 + 1_800 + 2), (place.GetProperty("line").GetInt32(), place.GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task AnErrorFarOut_CostsLittle()
    {
        await using var server = await GraphQLTestServer.StartAsync();
        var query = $"{{{string.Concat(Enumerable.Range(0, 3_000).Select(_ => "a,"))} ) }}";
        var least = long.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var before = GC.GetTotalAllocatedBytes();
            Assert.Equal("SYNTAX_ERROR", (await server.PostAsync(new { query })).Code);
            least = Math.Min(least, GC.GetTotalAllocatedBytes() - before);
        }
        Assert.True(least < 16 << 20, $"{least:N0} bytes");
    }

    private static List<(TokenKind, string)> Tokens(string text)
    {
        List<(TokenKind, string)> tokens = [];
        for (var token = Lexer.Lex(text, 0); token.Kind != TokenKind.EOF; token = Lexer.Lex(text, token.End))
            tokens.Add((token.Kind, token.Value.ToString()));
        return tokens;
    }
}
