using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hrms.TestKit;

/// <summary>Reads what JSON, a GraphQL document or a form says of persons, by the names that FHIR, OAuth and our own schema give such data, into <see cref="Said"/>.</summary>
public static partial class SpokenJson
{
    private static readonly HashSet<string> Names = Of("family given line city");
    private static readonly HashSet<string> Texts = Of(
        "text display value name title description birthDate postalCode email reason why note message comment words div code identifierValue number unit valueString phone label data");
    private static readonly HashSet<string> Secrets = Of(
        "password enrolmentCode enrollmentCode device_code user_code sheet client_secret code_verifier access_token refresh_token id_token invitation token launch secret");

    /// <summary>Nothing is read of what is no JSON: it is what a test broke.</summary>
    /// <param name="secretsAlone">Of an answer: what else it says is the product's, not the test's.</param>
    public static void Read(ReadOnlySpan<byte> json, bool secretsAlone = false)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        var name = "";
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                    name = reader.GetString()!;
                else if (reader.TokenType == JsonTokenType.String && name.Equals("query", StringComparison.Ordinal))
                    ReadDocument(reader.GetString()!);
                else if (reader.TokenType == JsonTokenType.String && (!secretsAlone || Secrets.Contains(name)))
                    Field(name, reader.GetString()!);
                else if (reader.TokenType == JsonTokenType.Number && !secretsAlone && name.Equals("value", StringComparison.OrdinalIgnoreCase))
                    Said.Text(Encoding.UTF8.GetString(reader.ValueSpan));
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair.
        }
    }

    /// <summary>A field of a form or a message.</summary>
    public static void Field(string name, string value)
    {
        if (value.Length < WordSearch.LengthMin || value.Contains('\0', StringComparison.Ordinal))
            return;
        if (Names.Contains(name))
            Said.Name(value);
        else if (Texts.Contains(name))
            Said.Text(value);
        else if (Secrets.Contains(name))
            Said.Secret(value, $"a secret ({name})");
    }

    private static void ReadDocument(string document)
    {
        foreach (Match argument in Argument().Matches(document))
            Field(argument.Groups[1].Value, argument.Groups[2].Value);
    }

    private static HashSet<string> Of(string names) => names.Split(' ').ToHashSet(StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("""(\w+)\s*:\s*"([^"\\]{5,})""")]
    private static partial Regex Argument();
}
