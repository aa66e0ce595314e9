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
    /// <summary>How far a client's clock may be off ours. OpenIddict would let one be over for longer.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LifetimeMax = TimeSpan.FromMinutes(5);

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
        .AddFilter<OpenIddictServerHandlerFilters.RequireClientAssertionPrincipal>()
        .UseScopedHandler<AssertionsOnce>()
        .SetOrder(OpenIddictServerHandlers.ValidateClientAssertionIssuer.Descriptor.Order + 500)
        .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        var assertion = context.ClientAssertionPrincipal!;
        var (expires, now) = (assertion.GetExpirationDate(), clock.GetUtcNow());
        // Counted from when it says that it was issued, and from now: it may say anything, or nothing.
        if (assertion.GetClaim(Claims.JwtId) is not { Length: > 0 and <= 256 } number || expires is null || expires < now - Skew || expires > now + LifetimeMax + Skew
            || (assertion.GetCreationDate() is { } issued && (issued > now + Skew || expires - issued > LifetimeMax)))
        {
            context.Reject(OAuthErrors.InvalidClient, "The client assertion needs a jti and an exp that is five minutes away at most, from its iat and from now.");
            return;
        }
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{assertion.GetClaim(Claims.Issuer)}\n{number}"));
        // Until it could not be used again anyway, by a clock that goes slow.
        if (!await once.UseAsync(digest, expires.Value + Skew + LifetimeMax, context.CancellationToken))
            context.Reject(OAuthErrors.InvalidClient, "The client assertion was used before.");
    }
}
