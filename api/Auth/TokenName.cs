using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hrms.Api.Auth;

/// <summary>
/// How the history names the token that brought a question (IHE BALP, OAUTHaccessTokenUse): by its <c>jti</c>, or by its last 32 characters when it has none. Every token that gets in here is
/// signed and much longer than that: what is kept is no token, and lets nobody in.
/// </summary>
internal static class TokenName
{
    /// <summary>Longer ones than anybody's are not kept: a line of the history is one of very many.</summary>
    public const int IdLengthMax = 100;

    public const int EndLength = 32;

    /// <summary>Added when a token is validated, by nobody else: whoever issues tokens is another issuer.</summary>
    private const string EndOfToken = "hrms_token_end", AddedHere = "hrms";

    /// <summary>As <see cref="Contracts.Asker.TokenName"/> has it; null: no token came, or one that can't be named.</summary>
    public static string? Of(ClaimsPrincipal user) => IdOf(user) is { } id ? $"jti:{id}"
        : user.FindFirst(claim => claim is { Type: EndOfToken, Issuer: AddedHere }) is { } end ? $"end:{end.Value}" : null;

    /// <summary>Keeps the end of a token that has no id of its own.</summary>
    public static void Keep(TokenValidatedContext context)
    {
        if (context is { Principal: { } principal, SecurityToken: JsonWebToken { EncodedToken: { Length: > 2 * EndLength } token } } && IdOf(principal) is null)
            principal.AddIdentity(new ClaimsIdentity([new Claim(EndOfToken, token[^EndLength..], ClaimValueTypes.String, AddedHere)]));
    }

    private static string? IdOf(ClaimsPrincipal user) =>
        user.FindFirstValue(JwtRegisteredClaimNames.Jti) is { Length: > 0 and <= IdLengthMax } id && id.All(letter => letter is > ' ' and <= '~') ? id : null;
}
