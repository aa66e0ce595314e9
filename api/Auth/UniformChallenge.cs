using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Hrms.Api.Auth;

/// <summary>
/// Where ASP.NET's authorization finds no good token: the answer is the same whoever validated it, and also when it names nobody. The handlers of JWT and OpenIddict would each tell in words of their own
/// what is wrong with it.
/// </summary>
internal sealed class UniformChallenge : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();

    public Task HandleAsync(RequestDelegate next, HttpContext http, AuthorizationPolicy policy, PolicyAuthorizationResult result)
    {
        // A policy with schemes of its own, such as devices' signatures, asks for something else than a token. A party that may not look is forbidden, and nobody is no party.
        if (result.Succeeded || policy.AuthenticationSchemes.Count > 0 || (result.Forbidden && CurrentAsker.ActorOf(http.User) is not null))
            return _usual.HandleAsync(next, http, policy, result);
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.WWWAuthenticate = BearerToken.Challenge(http.Request);
        return Task.CompletedTask;
    }
}
