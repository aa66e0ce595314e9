namespace Hrms.Api.Auth;

/// <summary>
/// The id that a caller gives its request (<c>X-Request-Id</c>; FHIR R4, 3.1.0.1.2; IHE BALP, XrequestId): it is in the access history, and comes back in the answer. One that is longer than
/// 64 characters, or has any that do not show, or repeats what the caller proves itself with, is as if it had not come; who sends none is answered without.
/// </summary>
internal static class RequestIdHeader
{
    public const string Name = "X-Request-Id";

    public const int LengthMax = 64;

    /// <summary>Shorter ones are part of a token by chance.</summary>
    private const int SecretLengthMin = 16;

    /// <summary>The caller's own, or else the one that this process gave the request.</summary>
    public static string Of(HttpContext http) => Sent(http.Request) ?? http.TraceIdentifier;

    /// <summary>Before everything that answers.</summary>
    public static void UseRequestIds(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (Sent(http.Request) is { } id)
            http.Response.Headers[Name] = id;
        return next(http);
    });

    private static string? Sent(HttpRequest request) =>
        request.Headers[Name] is [{ Length: > 0 and <= LengthMax } id] && id.All(letter => letter is > ' ' and <= '~')
        && !(id.Length >= SecretLengthMin && (Has(request.Headers.Authorization, id) || Has(request.Headers.Cookie, id))) ? id : null;

    private static bool Has(Microsoft.Extensions.Primitives.StringValues header, string text) => header.Any(value => value?.Contains(text, StringComparison.Ordinal) == true);
}
