using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// How a client's assertion may call itself in its <c>typ</c>: as SMART App Launch 2 wants it (<c>JWT</c>), as newer clients do, or not at all (RFC 7523 says nothing). OpenIddict takes the second alone. An access
/// token or any other kind of token is none; issuer, subject, audience, time and number are checked besides. And by which algorithms it may be signed: RS384 and ES384 are SMART's, ES256 is everybody's.
/// </summary>
internal sealed class AssertionTypes : IOpenIddictServerHandler<ValidateTokenContext>
{
    /// <summary>As discovery says it (RFC 8414, section 2). What a client's keys could do besides does not count.</summary>
    public static readonly IReadOnlyList<string> SigningAlgorithms = [Algorithms.EcdsaSha256, Algorithms.EcdsaSha384, Algorithms.RsaSha384];

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
        .UseSingletonHandler<AssertionTypes>()
        .SetOrder(OpenIddictServerHandlers.Protection.ValidateIdentityModelToken.Descriptor.Order - 500)
        .Build();

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.TokenValidationParameters is not { ValidTypes: { } types } parameters || !types.Contains(JsonWebTokenTypes.ClientAuthentication))
            return default;
        parameters.ValidAlgorithms = SigningAlgorithms;
        parameters.TypeValidator = (type, _, _) => string.IsNullOrEmpty(type) || type is JsonWebTokenTypes.GenericJsonWebToken or JsonWebTokenTypes.ClientAuthentication
            ? JsonWebTokenTypes.ClientAuthentication
            : throw new SecurityTokenInvalidTypeException("The token is no client's assertion.") { InvalidType = type };
        return default;
    }
}
