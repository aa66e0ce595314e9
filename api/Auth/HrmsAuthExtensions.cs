using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Auth;

/// <summary>Who may knock at all: a signed, unexpired bearer token for this API that names a party. What a party may do is decided in the grains.</summary>
public static class HrmsAuthExtensions
{
    /// <summary>A device that names its patient.</summary>
    public const string DeviceOnly = "device";

    /// <summary>Who runs the system, and sees nothing of any record.</summary>
    public const string OperatorOnly = "operator";

    /// <summary>Tokens of the development issuer, in the embedded mode.</summary>
    public static IServiceCollection AddHrmsAuth(this IServiceCollection services, DevelopmentIssuer issuer)
    {
        services.AddSingleton(issuer);
        return services.AddHrmsAuth(options =>
        {
            options.TokenValidationParameters.ValidIssuer = DevelopmentIssuer.Issuer;
            options.TokenValidationParameters.ValidAudience = DevelopmentIssuer.Audience;
            options.TokenValidationParameters.IssuerSigningKey = issuer.Key;
        });
    }

    /// <summary>Tokens of an identity server, whose keys are found by OpenID Connect Discovery and followed as they change.</summary>
    public static IServiceCollection AddHrmsAuth(this IServiceCollection services, string authority, string audience, bool overTls) => services.AddHrmsAuth(options =>
    {
        (options.Authority, options.RequireHttpsMetadata) = (authority, overTls);
        options.TokenValidationParameters.ValidAudience = audience;
    });

    private static IServiceCollection AddHrmsAuth(this IServiceCollection services, Action<JwtBearerOptions> whose)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                CryptoProviderFactory = new RememberedSignatures(),
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                RoleClaimType = HrmsClaims.Role,
                NameClaimType = "sub",
                RequireExpirationTime = true,
                RequireSignedTokens = true,
                ClockSkew = TimeSpan.FromSeconds(60),
            };
            whose(options);
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(DeviceOnly, policy => policy.RequireAuthenticatedUser().RequireClaim(HrmsClaims.Role, HrmsRoles.Device)
                .RequireAssertion(context => CurrentAsker.ActorOf(context.User) is not null))
            .AddPolicy(OperatorOnly, policy => policy.RequireAuthenticatedUser().RequireClaim(HrmsClaims.Role, HrmsRoles.Operator));
        return services;
    }
}
