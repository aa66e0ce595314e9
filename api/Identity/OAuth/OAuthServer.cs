using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using OpenIddict.Validation;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Hrms.Api.Identity.OAuth;

/// <summary>OAuth 2.1 and OpenID Connect by OpenIddict: what is on, and the keys it works with.</summary>
internal static class OAuthServer
{
    public const string Authorize = "/connect/authorize", Token = "/connect/token", Introspect = "/connect/introspect", Revoke = "/connect/revoke",
        DeviceAuthorization = "/connect/device", Verify = "/connect/verify";

    public static void AddOAuthServer(this IServiceCollection services)
    {
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<IdentityDatabase>().ReplaceDefaultEntities<Guid>())
            .AddServer(server =>
            {
                server.SetAuthorizationEndpointUris(Authorize).SetTokenEndpointUris(Token).SetIntrospectionEndpointUris(Introspect).SetRevocationEndpointUris(Revoke);
                server.SetDeviceAuthorizationEndpointUris(DeviceAuthorization).SetEndUserVerificationEndpointUris(Verify);
                server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow().AllowDeviceAuthorizationFlow().RequireProofKeyForCodeExchange();
                // Plain is no proof to who reads the address bar.
                server.Configure(options => options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain));
                server.RegisterScopes([.. HrmsScopes.Supported]);
                // The endpoints look themselves: ScopesOfApps.
                server.DisableScopeValidation().IgnoreScopePermissions();
                server.SetAccessTokenLifetime(TokenLifetimes.Access).SetAuthorizationCodeLifetime(TokenLifetimes.Code).SetIdentityTokenLifetime(TokenLifetimes.Identity);
                server.SetDeviceCodeLifetime(TokenLifetimes.DeviceCode).SetUserCodeLifetime(TokenLifetimes.DeviceCode);
                // A refresh token is good once: who uses it a second time, however soon, ends all that came of it.
                server.SetRefreshTokenReuseLeeway(null);
                // Anybody may read what an access token says; nobody but this server reads codes and refresh tokens.
                server.DisableAccessTokenEncryption();
                // The address is checked once, at the start: https, or this machine alone.
                server.AddEventHandler(AssertionTypes.Descriptor);
                server.AddEventHandler(AssertionsOnce.Descriptor).AddEventHandler(ScopesOfHubs.Descriptor).AddEventHandler(SlowDown.Descriptor);
                server.AddEventHandler<OpenIddictServerEvents.ApplyDeviceAuthorizationResponseContext>(handler => handler.UseInlineHandler(context =>
                {
                    if (context.Response.Error is null)
                        context.Response[Parameters.Interval] = DevicePolls.IntervalSeconds;
                    return default;
                }).SetOrder(int.MinValue));
                server.AddEventHandler<OpenIddictServerEvents.HandleConfigurationRequestContext>(handler => handler.UseInlineHandler(context =>
                {
                    context.Metadata[Metadata.AcrValuesSupported] = new([.. AuthenticationMethods.Classes.Select(one => (string?)one)]);
                    foreach (var endpoint in new[] { "token", "introspection", "revocation" })
                        context.Metadata[$"{endpoint}_endpoint_auth_signing_alg_values_supported"] = new([.. AssertionTypes.SigningAlgorithms.Select(one => (string?)one)]);
                    return default;
                }));
                server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough().EnableEndUserVerificationEndpointPassthrough()
                    .DisableTransportSecurityRequirement();
            })
            .AddValidation(validation =>
            {
                validation.UseLocalServer();
                validation.UseAspNetCore();
                validation.AddAudiences(DevelopmentIssuer.Audience);
                // Without these a revoked token would be good until it expires.
                validation.EnableTokenEntryValidation().EnableAuthorizationEntryValidation();
            });
        services.AddScoped<DevicePolls>();
        services.AddHttpContextAccessor();
        services.AddSingleton<IAuthenticationSchemeProvider, RequestHandlers>();
        services.AddSingleton<KeysOfTheServer>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(provider => provider.GetRequiredService<KeysOfTheServer>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(provider => provider.GetRequiredService<KeysOfTheServer>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictValidationOptions>>(provider => provider.GetRequiredService<KeysOfTheServer>());
    }

    /// <summary>Hands OpenIddict the keys of the ring, and again when they change.</summary>
    private sealed class KeysOfTheServer(ServerKeyRing ring, PublicAddress address)
        : IConfigureOptions<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictValidationOptions>
    {
        public string Name => Options.DefaultName;

        public void Configure(OpenIddictServerOptions options)
        {
            options.Issuer = address.Url;
            options.SigningCredentials.AddRange(ring.Keys.Signing.Select(key => new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256)));
            options.EncryptionCredentials.AddRange(
                ring.Keys.Encrypting.Select(key => new EncryptingCredentials(key, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512)));
        }

        public IChangeToken GetChangeToken() => ring.Changed;
    }
}
