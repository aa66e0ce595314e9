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

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    public static IServiceCollection AddHrmsAuth(this IServiceCollection services, DevelopmentIssuer issuer)
    {
        services.AddSingleton(issuer);
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = DevelopmentIssuer.Issuer,
                ValidAudience = DevelopmentIssuer.Audience,
                IssuerSigningKey = issuer.Key,
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                RoleClaimType = HrmsClaims.Role,
                NameClaimType = "sub",
                RequireExpirationTime = true,
                RequireSignedTokens = true,
                ClockSkew = ClockSkew,
            };
            options.Events = new RememberedTokens(TimeProvider.System, ClockSkew);
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(DeviceOnly, policy => policy.RequireAuthenticatedUser().RequireClaim(HrmsClaims.Role, HrmsRoles.Device)
                .RequireAssertion(context => CurrentAsker.ActorOf(context.User) is not null))
            .AddPolicy(OperatorOnly, policy => policy.RequireAuthenticatedUser().RequireClaim(HrmsClaims.Role, HrmsRoles.Operator));
        return services;
    }
}
