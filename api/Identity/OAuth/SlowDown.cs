using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using OAuthErrors = OpenIddict.Abstractions.OpenIddictConstants.Errors;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// A hub that polls faster than it was told gets <c>slow_down</c>, and has to wait five seconds longer from then on (RFC 8628, section 3.5); OpenIddict says <c>authorization_pending</c> however fast it
/// comes. Only while the owner has not answered: once they have, the answer is there for whoever comes.
/// </summary>
internal sealed class SlowDown(DevicePolls polls, IOpenIddictTokenManager tokens) : IOpenIddictServerHandler<ValidateTokenContext>
{
    /// <summary>Before OpenIddict looks whether the code was answered.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
        .UseScopedHandler<SlowDown>()
        .SetOrder(OpenIddictServerHandlers.Protection.ValidateTokenEntry.Descriptor.Order - 500)
        .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token || context.Principal is not { } code || !code.HasTokenType(TokenTypeIdentifiers.Private.DeviceCode))
            return;
        if (await tokens.FindByIdAsync(code.GetTokenId() ?? "", context.CancellationToken) is { } entry && await tokens.HasStatusAsync(entry, Statuses.Inactive, context.CancellationToken)
            && await polls.IsTooEarlyAsync(Guid.Parse(code.GetTokenId()!), context.CancellationToken))
            context.Reject(OAuthErrors.SlowDown, "The device polls too fast. Wait five seconds longer than before between two polls.");
    }
}
