using System.Buffers.Text;
using System.Text;
using Hrms.Api.Identity;
using Hrms.Api.Identity.OwnApp;
using Hrms.Api.Identity.Pages;
using Hrms.Api.Ingestion.Signatures;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Validation.AspNetCore;

namespace Hrms.Api.Auth;

/// <summary>Who may knock at all: a signed, unexpired bearer token for this API that names a party. What a party may do is decided in the grains.</summary>
public static class HrmsAuthExtensions
{
    /// <summary>A device, by its signature. No token sends samples.</summary>
    public const string DeviceOnly = "device";

    /// <summary>Who runs the system or audits how it is run, and sees nothing of any record.</summary>
    public const string OperatorsAndAuditors = "operators and auditors";

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    private const string ByWhatIsBrought = "hrms";

    /// <summary>How the header of an access token begins (RFC 9068: <c>typ</c> is <c>at+jwt</c>). Which of the two issuers is asked is no decision: each checks everything.</summary>
    private const string AccessTokenType = "at+jwt";

    /// <summary>In the embedded mode: tokens of our own OAuth server, and of the development issuer.</summary>
    public static IServiceCollection AddHrmsAuth(this IServiceCollection services, DevelopmentIssuer issuer)
    {
        services.AddSingleton(issuer);
        services.AddAuthentication(ByWhatIsBrought).AddPolicyScheme(ByWhatIsBrought, null, options => options.ForwardDefaultSelector = http => SchemeOfSession(http) ?? SchemeOfToken(http))
            .AddBearer(options =>
            {
                options.TokenValidationParameters.ValidTypes = ["JWT"];
                options.TokenValidationParameters.ValidIssuer = DevelopmentIssuer.Issuer;
                options.TokenValidationParameters.ValidAudience = DevelopmentIssuer.Audience;
                options.TokenValidationParameters.IssuerSigningKey = issuer.Key;
                options.Events = new RememberedTokens(TimeProvider.System, ClockSkew);
            });
        return services.AddHrmsPolicies();
    }

    /// <summary>Tokens of our own OAuth server alone: an installation of several processes that keeps its accounts.</summary>
    public static IServiceCollection AddHrmsAuth(this IServiceCollection services)
    {
        services.AddAuthentication(ByWhatIsBrought).AddPolicyScheme(ByWhatIsBrought, null, options => options.ForwardDefaultSelector = http =>
            SchemeOfSession(http) ?? OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
        return services.AddHrmsPolicies();
    }

    /// <summary>Tokens of an identity server elsewhere, whose keys are found by OpenID Connect Discovery and followed as they change.</summary>
    public static IServiceCollection AddHrmsAuth(this IServiceCollection services, string authority, string audience, bool overTls)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddBearer(options =>
        {
            (options.Authority, options.RequireHttpsMetadata) = (authority, overTls);
            options.TokenValidationParameters.ValidTypes = [AccessTokenType, "JWT"];
            options.TokenValidationParameters.ValidAudience = audience;
            options.Events = new JwtBearerEvents
            {
                OnTokenValidated = context =>
                {
                    TokenName.Keep(context);
                    return Task.CompletedTask;
                },
            };
        });
        return services.AddHrmsPolicies();
    }

    private static AuthenticationBuilder AddBearer(this AuthenticationBuilder authentication, Action<JwtBearerOptions> whose) => authentication.AddJwtBearer(options =>
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            RoleClaimType = HrmsClaims.Role,
            NameClaimType = "sub",
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = ClockSkew,
        };
        whose(options);
    });

    private static IServiceCollection AddHrmsPolicies(this IServiceCollection services)
    {
        services.TryAddSingleton<ITokenStanding, GoodUntilTheyExpire>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, UniformChallenge>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, DeviceSignatureHandler>(DeviceSignatureHandler.Name, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(DeviceOnly, policy => policy.AddAuthenticationSchemes(DeviceSignatureHandler.Name).RequireAuthenticatedUser())
            .AddPolicy(OperatorsAndAuditors, policy => policy.RequireAuthenticatedUser().RequireClaim(HrmsClaims.Role, HrmsRoles.Operator, HrmsRoles.Auditor)
                .RequireAssertion(context => TokenScope.IsWholeAccount(context.User) && CurrentAsker.ActorOf(context.User) is not null));
        return services;
    }

    /// <summary>On people's pages the session's cookie counts and nothing else; everywhere else it does when our own web app asks and brings no token, and then nothing else. Null: a token counts.</summary>
    private static string? SchemeOfSession(HttpContext http) =>
        PageHeaders.IsOfPeople(http.Request.Path) ? IdentityConstants.ApplicationScheme
        : http.RequestServices.GetService<PublicAddress>() is { } address && SameOrigin.Asks(http, address) ? SessionAuthentication.SchemeName
        : null;

    private static string SchemeOfToken(HttpContext http) =>
        http.Request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && IsAccessToken(header.AsSpan(7))
            ? OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme
            : JwtBearerDefaults.AuthenticationScheme;

    private static bool IsAccessToken(ReadOnlySpan<char> token)
    {
        var header = token[..Math.Max(token.IndexOf('.'), 0)];
        if (header.Length is 0 or > 1_024 || !Base64Url.IsValid(header))
            return false;
        return Base64Url.DecodeFromChars(header).AsSpan().IndexOf(Encoding.ASCII.GetBytes(AccessTokenType)) >= 0;
    }
}
