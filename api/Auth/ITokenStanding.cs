using System.Security.Claims;

namespace Hrms.Api.Auth;

/// <summary>
/// Whether who brought a token, or the session's cookie, could still come with it. Asked before each event of a stream, and before more of an export leaves: what was revoked meanwhile gets nothing more. What the
/// grains know (epochs, consents) they look at themselves; here it is what the issuer knows.
/// </summary>
public interface ITokenStanding
{
    ValueTask<bool> IsGoodAsync(ClaimsPrincipal user, CancellationToken cancellationToken);
}

/// <summary>Tokens of an identity server elsewhere: they are good until they expire, or the grains refuse them.</summary>
internal sealed class GoodUntilTheyExpire : ITokenStanding
{
    public ValueTask<bool> IsGoodAsync(ClaimsPrincipal user, CancellationToken cancellationToken) => new(true);
}
