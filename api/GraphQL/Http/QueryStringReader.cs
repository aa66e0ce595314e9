using System.Text;

namespace Hrms.Api.GraphQL.Http;

/// <summary>Reads a GET request's parameters (GraphQL over HTTP, section 5.2); variables and extensions are JSON in text.</summary>
internal static class QueryStringReader
{
    public static GraphQLRefusal? TryRead(IQueryCollection query, GraphQLHttpOptions options, out RequestEnvelope envelope)
    {
        envelope = new RequestEnvelope
        {
            Document = Encoding.UTF8.GetBytes(query["query"].ToString()),
            OperationName = NullIfEmpty(query["operationName"]),
            DocumentId = NullIfEmpty(query["documentId"]),
        };
        foreach (var name in (ReadOnlySpan<string>)["query", "operationName", "documentId", "variables", "extensions"])
            if (query[name].Count > 1)
                return GraphQLRefusal.BadRequest($"The parameter \"{name}\" comes twice.");

        // The two JSON parameters go through the same reader as a POST body, so that the same rules hold.
        var members = new List<string>();
        if (NullIfEmpty(query["variables"]) is { } variables)
            members.Add($"\"variables\":{variables}");
        if (NullIfEmpty(query["extensions"]) is { } extensions)
            members.Add($"\"extensions\":{extensions}");
        if (members.Count == 0)
            return null;
        var json = Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}");
        if (EnvelopeReader.TryRead(json, options.JsonDepthMax, out var rest) is { } refusal)
            return refusal;
        envelope.Variables = rest.Variables;
        envelope.DocumentId ??= rest.DocumentId;
        return null;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
