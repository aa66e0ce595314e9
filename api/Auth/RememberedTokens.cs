using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Hrms.Api.Auth;

/// <summary>
/// Validates a token once and not with each request that brings it: verifying ES256 and reading the claims costs more than deciding a consent. A token is known by
/// the digest of all its bytes, so a changed one is another one, and is known no longer than it is valid. What it may do is not decided here and asked each time.
/// Keys, issuer and audience are the process's own for as long as it runs; whoever makes them change has to forget what was remembered.
/// </summary>
/// <param name="clockSkew">As the handler allows it, so that a remembered token ends when any other would.</param>
/// <param name="entriesMax">Tokens remembered; when there are more, all are forgotten and validated again.</param>
internal sealed class RememberedTokens(TimeProvider clock, TimeSpan clockSkew, int entriesMax = 20_000) : JwtBearerEvents
{
    private const string Scheme = "Bearer ";
    private readonly ConcurrentDictionary<(UInt128, UInt128), Known> _known = [];
    private int _count;

    private sealed record Known(ClaimsPrincipal Principal, DateTimeOffset Until);

    public override Task MessageReceived(MessageReceivedContext context)
    {
        if (TryDigest(context.Request, out var digest) && _known.TryGetValue(digest, out var known))
        {
            if (clock.GetUtcNow() < known.Until)
            {
                context.Principal = known.Principal;
                context.Success();
            }
            else
            {
                _known.TryRemove(digest, out _);
            }
        }
        return Task.CompletedTask;
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        TokenName.Keep(context);
        if (context.Principal is not { } principal || !TryDigest(context.Request, out var digest))
            return Task.CompletedTask;
        if (Interlocked.Increment(ref _count) > entriesMax)
        {
            _known.Clear();
            Interlocked.Exchange(ref _count, 1);
        }
        _known.TryAdd(digest, new Known(principal, new DateTimeOffset(context.SecurityToken.ValidTo, TimeSpan.Zero) + clockSkew));
        return Task.CompletedTask;
    }

    private static bool TryDigest(HttpRequest request, out (UInt128, UInt128) digest)
    {
        digest = default;
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        // The text as the handler sees it, in full: two texts never share their bytes here.
        SHA256.HashData(MemoryMarshal.AsBytes(header.AsSpan(Scheme.Length)), MemoryMarshal.AsBytes(new Span<(UInt128, UInt128)>(ref digest)));
        return true;
    }
}
