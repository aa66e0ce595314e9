using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpenIddict.Server.AspNetCore;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// Which handlers ASP.NET's authentication asks of every request whether it is theirs to answer: the OAuth server at its own addresses alone. It goes through some dozens of steps to find that a
/// request for a record is none of its own, which costs more than a token that is known.
/// </summary>
internal sealed class RequestHandlers(IOptions<AuthenticationOptions> options, IHttpContextAccessor asked) : AuthenticationSchemeProvider(options)
{
    private static readonly PathString[] Addresses = ["/connect", "/.well-known"];
    private IEnumerable<AuthenticationScheme>? _elsewhere;

    public override async Task<IEnumerable<AuthenticationScheme>> GetRequestHandlerSchemesAsync() =>
        // Whatever the case of its letters, as the server itself takes it.
        asked.HttpContext is { } http && !Array.Exists(Addresses, address => http.Request.Path.StartsWithSegments(address, StringComparison.OrdinalIgnoreCase))
            ? _elsewhere ??= [.. (await base.GetRequestHandlerSchemesAsync()).Where(scheme => scheme.HandlerType != typeof(OpenIddictServerAspNetCoreHandler))]
            : await base.GetRequestHandlerSchemesAsync();
}
