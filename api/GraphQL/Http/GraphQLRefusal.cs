using Hrms.Api.Budgets;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// Why a request was not executed: a value, made by whoever checks, written to the wire by the transport it came over.
/// </summary>
/// <param name="Code">Stable upper-case name for programs, found in <c>extensions.code</c>.</param>
/// <param name="Message">A sentence for people that names the limit or the place; never holds variables.</param>
/// <param name="Status">
/// The HTTP status of a request that is not a well-formed GraphQL request (GraphQL over HTTP, section 6). Null: a well-formed
/// request with a bad document, answered 400 as <c>application/graphql-response+json</c> and 200 as <c>application/json</c>.
/// </param>
/// <param name="Line">Line in the document, from 1, when known.</param>
/// <param name="Column">Column in the document, from 1, when known.</param>
internal sealed record GraphQLRefusal(string Code, string Message, int? Status = null, int Line = 0, int Column = 0)
{
    /// <summary>When it is worth asking again; null: it never is, as it was asked.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public GraphQLRefusal At(GraphQLParser.Location place) => this with { Line = place.Line, Column = place.Column };

    public static GraphQLRefusal Throttled(TimeSpan wait) => new(
        "THROTTLED", $"Your requests cost more than a minute allows. Ask again in {HrmsBudgets.Seconds(wait)} s.", StatusCodes.Status429TooManyRequests) { RetryAfter = wait };

    /// <summary>So many requests are under way that this one is not begun.</summary>
    public static GraphQLRefusal Busy { get; } = new(
        "BUSY", "Too many ask at this moment, and nothing was done. Send the same again in a second.", StatusCodes.Status503ServiceUnavailable) { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>A token came that is no good. Why is nobody's to know.</summary>
    public static GraphQLRefusal BadToken { get; } = new("UNAUTHENTICATED", "This token is not good here, or not any more. Get another one.", StatusCodes.Status401Unauthorized);

    public static GraphQLRefusal BadRequest(string message) => new("BAD_REQUEST", message, StatusCodes.Status400BadRequest);
}
