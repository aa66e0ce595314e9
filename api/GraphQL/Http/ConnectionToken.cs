using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Hrms.Api.GraphQL.Http;

/// <summary>The defaults of <see cref="GraphQLHttpOptions"/> for tokens that arrive inside a WebSocket, and for their end.</summary>
internal static class ConnectionToken
{
    /// <summary>Asks the host's default scheme about the token; null when there is no scheme or it refuses.</summary>
    public static async ValueTask<ClaimsPrincipal?> AuthenticateAsync(HttpContext http, string token, CancellationToken cancellation)
    {
        // A scope of its own: the request's handlers keep the answer they gave when the connection came without a token.
        await using var scope = http.RequestServices.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<IAuthenticationService>() is not { } authentication)
            return null;
        http.Request.Headers.Authorization = "Bearer " + token;
        // A scheme that forwards to another looks for that one's handler in the request's scope.
        var ofRequest = http.RequestServices;
        http.RequestServices = scope.ServiceProvider;
        try
        {
            var result = await authentication.AuthenticateAsync(http, scheme: null);
            return result.Succeeded ? result.Principal : null;
        }
        finally
        {
            http.RequestServices = ofRequest;
        }
    }

    /// <summary>The <c>exp</c> claim (RFC 7519, section 4.1.4), or null.</summary>
    public static DateTimeOffset? ExpiryOf(ClaimsPrincipal user) =>
        long.TryParse(user.FindFirst("exp")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
