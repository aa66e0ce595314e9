using Hrms.Api.Auth;
using Hrms.Contracts;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using OAuthErrors = OpenIddict.Abstractions.OpenIddictConstants.Errors;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// What a hub may ask for by device flow: parts of the record of the patient who will type its code. Never the whole account: who is talked into typing a stranger's code (RFC 8628, section 5.4)
/// must not hand over more than that. OpenIddict has checked the client and its grant when it comes here.
/// </summary>
internal sealed class ScopesOfHubs(ScopesOfApps scopes) : IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateDeviceAuthorizationRequestContext>()
        .UseScopedHandler<ScopesOfHubs>()
        .SetOrder(OpenIddictServerHandlers.Device.ValidateScopePermissions.Descriptor.Order + 500)
        .Build();

    public async ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context)
    {
        var wrong = context.Request.HasScope(TokenScope.Account)
            ? $"The scope '{TokenScope.Account}' is not for this grant: name what the hub needs, such as patient/Observation.c."
            : await scopes.WrongWithAsync(context.Request, ScopeContext.System, ScopeContext.User);
        if (wrong is not null)
            context.Reject(OAuthErrors.InvalidScope, wrong);
    }
}
