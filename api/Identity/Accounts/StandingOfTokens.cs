using System.Security.Claims;
using Hrms.Api.Auth;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Hrms.Api.Identity.Accounts;

/// <summary>Of our own server's tokens: neither the token nor what the person agreed to was revoked. Of a session's cookie: its person did not sign out. Read anew each time.</summary>
internal sealed class StandingOfTokens(IServiceScopeFactory scopes) : ITokenStanding
{
    public async ValueTask<bool> IsGoodAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (session, token) = (IdOf(user.FindFirst(SessionOf.IdClaim)?.Value), IdOf(user.GetTokenId()));
        if (session is null && token is null)
            return true;
        await using var scope = scopes.CreateAsyncScope();
        if (session is { } id)
            return !await scope.ServiceProvider.GetRequiredService<EndedSessions>().IsEndedAsync(id, cancellationToken);
        return await scope.ServiceProvider.GetRequiredService<IdentityDatabase>().Set<OpenIddictEntityFrameworkCoreToken<Guid>>()
            .AnyAsync(row => row.Id == token && row.Status == Statuses.Valid && (row.Authorization == null || row.Authorization.Status == Statuses.Valid), cancellationToken);
    }

    private static Guid? IdOf(string? text) => Guid.TryParse(text, out var id) ? id : null;
}
