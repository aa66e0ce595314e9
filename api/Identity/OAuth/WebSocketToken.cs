using System.Security.Claims;
using Hrms.Api.GraphQL.Http;
using OpenIddict.Validation.AspNetCore;
using static OpenIddict.Validation.OpenIddictValidationEvents;

namespace Hrms.Api.Identity.OAuth;

/// <summary>Who stands behind a token that comes inside a WebSocket, after the upgrade came without one.</summary>
internal static class WebSocketToken
{
    public static ValueTask<ClaimsPrincipal?> AuthenticateAsync(HttpContext http, string token, CancellationToken cancellationToken)
    {
        // OpenIddict keeps with the request what it found of it, and then it had no token.
        http.Features.Get<OpenIddictValidationAspNetCoreFeature>()?.Transaction?.Properties.Remove(typeof(ProcessAuthenticationContext).FullName!);
        return ConnectionToken.AuthenticateAsync(http, token, cancellationToken);
    }
}
