using Hrms.Api.Budgets;
using Microsoft.Net.Http.Headers;

namespace Hrms.Api.GraphQL.Http;

/// <summary>How an answer is written.</summary>
internal enum ResponseForm
{
    /// <summary>The Accept header allows none of ours: status 406.</summary>
    None,

    /// <summary><c>application/json</c>: status 200 for every well-formed request.</summary>
    Json,

    /// <summary><c>application/graphql-response+json</c>: the status tells whether the operation ran.</summary>
    GraphQLResponse,

    /// <summary><c>text/event-stream</c>: one event for each result.</summary>
    EventStream,
}

/// <summary>Content negotiation of GraphQL over HTTP, sections 4 and 6, and of server-sent events.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string GraphQLResponse = "application/graphql-response+json";
    public const string EventStream = "text/event-stream";

    /// <summary>What an answer of one piece is called.</summary>
    public static string Of(ResponseForm form) => form == ResponseForm.GraphQLResponse ? GraphQLResponse + "; charset=utf-8" : Json + "; charset=utf-8";

    /// <summary>What the caller likes best: by quality, then by its order. No Accept header or any type: <c>application/json</c>.</summary>
    public static ResponseForm Negotiate(HttpRequest request)
    {
        var headers = request.Headers.Accept;
        if (headers.Count == 0)
            return ResponseForm.Json;
        if (headers.Count == 1 && headers[0] is GraphQLResponse)
            return ResponseForm.GraphQLResponse;
        if (headers.Count == 1 && headers[0] is Json or "*/*")
            return ResponseForm.Json;
        if (!HeaderLimits.IsShort(headers) || !MediaTypeHeaderValue.TryParseList(headers, out var accepted))
            return ResponseForm.None;
        foreach (var range in accepted.Where(range => range.Quality is not 0).OrderByDescending(range => range.Quality ?? 1))
        {
            if (range.Charset.HasValue && !range.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
                continue;
            if (FormOf(range) is var form and not ResponseForm.None)
                return form;
        }
        return ResponseForm.None;
    }

    /// <summary>Whether a POST body is JSON in UTF-8. The simple content types of HTML forms are not, which is what keeps other sites out.</summary>
    public static bool IsJson(string? contentType) =>
        contentType is Json
        || HeaderLimits.IsShort(contentType) && MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a browser asks for a page.</summary>
    public static bool AcceptsHtml(HttpRequest request) =>
        HeaderLimits.IsShort(request.Headers.Accept) && MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(range => range.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static ResponseForm FormOf(MediaTypeHeaderValue range)
    {
        if (range.MediaType.Equals(GraphQLResponse, StringComparison.OrdinalIgnoreCase))
            return ResponseForm.GraphQLResponse;
        if (range.MediaType.Equals(EventStream, StringComparison.OrdinalIgnoreCase))
            return ResponseForm.EventStream;
        return range.MatchesAllTypes
            || range.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
            || range.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase)
            ? ResponseForm.Json
            : ResponseForm.None;
    }
}
