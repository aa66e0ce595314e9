using System.Security.Cryptography;
using System.Text;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using OAuthErrors = OpenIddict.Abstractions.OpenIddictConstants.Errors;

namespace Hrms.Api.Identity.OAuth;

/// <summary>What is good once and was used (<see cref="GoodOnce"/>): a client's assertion, a code of an authenticator app; by its digest, until it is over.</summary>
public sealed class SeenAssertion
{
    public required byte[] Digest { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>
/// A client's signed assertion is good once, and for five minutes at most (SMART App Launch 2, client-confidential-asymmetric; RFC 7523, section 3). OpenIddict has checked
/// signature, issuer, subject, audience and time when it comes here.
/// </summary>
internal sealed class AssertionsOnce(GoodOnce once, TimeProvider clock) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromMinutes(5), Skew = TimeSpan.FromMinutes(1);

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
        .AddFilter<OpenIddictServerHandlerFilters.RequireClientAssertionPrincipal>()
        .UseScopedHandler<AssertionsOnce>()
        .SetOrder(OpenIddictServerHandlers.ValidateClientAssertionIssuer.Descriptor.Order + 500)
        .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        var assertion = context.ClientAssertionPrincipal!;
        var expires = assertion.GetExpirationDate();
        if (assertion.GetClaim(Claims.JwtId) is not { Length: > 0 and <= 256 } number || expires is null || expires > clock.GetUtcNow() + LifetimeMax + Skew)
        {
            context.Reject(OAuthErrors.InvalidClient, "The client assertion needs a jti and an exp that is five minutes away at most.");
            return;
        }
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{assertion.GetClaim(Claims.Issuer)}\n{number}"));
        // Until it could not be used again anyway, by a clock that goes slow.
        if (!await once.UseAsync(digest, expires.Value + Skew + LifetimeMax, context.CancellationToken))
            context.Reject(OAuthErrors.InvalidClient, "The client assertion was used before.");
    }
}
