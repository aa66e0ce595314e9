using Hrms.Api.Errors;
using Hrms.Contracts;

namespace Hrms.Api.Auth;

/// <summary>What is told of a bearer token, at every edge alike (RFC 6750, section 3): that it is no good, and never why. Who brought none is told how one comes.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>Whether a token came with the request, good or not. A session's cookie is none.</summary>
    public static bool IsBrought(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { Length: > 0 } header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && !header.AsSpan(Scheme.Length).IsWhiteSpace();

    /// <summary>What stands in <c>WWW-Authenticate</c> beside a 401.</summary>
    public static string Challenge(HttpRequest request) => IsBrought(request) ? RefusalTable.Challenge(RefusalCode.TokenEnded)! : "Bearer";
}
