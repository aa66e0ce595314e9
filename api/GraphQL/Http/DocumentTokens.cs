using GraphQLParser;
using GraphQLParser.Exceptions;

namespace Hrms.Api.GraphQL.Http;

/// <summary>Counts the lexical tokens of a document before it is parsed: the parser itself knows no such limit.</summary>
internal static class DocumentTokens
{
    /// <summary>Null when the text has at most <paramref name="tokensMax"/> tokens. A lexical error is left to the parser.</summary>
    public static GraphQLRefusal? Check(string text, int tokensMax)
    {
        try
        {
            var position = 0;
            for (var count = 0; count <= tokensMax; count++)
            {
                var token = Lexer.Lex(text, position);
                if (token.Kind == TokenKind.EOF)
                    return null;
                position = token.End;
            }
            return new("DOCUMENT_TOO_MANY_TOKENS", $"The document has more than {tokensMax} tokens.");
        }
        catch (GraphQLSyntaxErrorException)
        {
            return null;
        }
    }
}
