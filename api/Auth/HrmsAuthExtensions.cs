using System.Buffers.Text;
using System.Text;
using Hrms.Api.Identity.Pages;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Validation.AspNetCore;

namespace Hrms.Api.Auth;

/// <summary>Who may knock at all: a signed, unexpired bearer token for this API that names a party. What a party may do is decided in the grains.</summary>
public static class HrmsAuthExtensions
{
    /// <summary>A device that names its patient.</summary>
    public const string DeviceOnly = "device";

    /// <summary>Who runs the system, and sees nothing of any record.</summary>
    public const string OperatorOnly = "operator";

    private const string ByWhatIsBrought = "hrms";

    /// <summary>How the header of an access token begins (RFC 9068: <c>typ</c> is <c>at+jwt</c>). Which of the two issuers is asked is no decision: each checks everything.</summary>
    private const string AccessTokenType = "at+jwt";

    public static IServiceCollection AddHrmsAuth(this IServiceCollection services, DevelopmentIssuer issuer)
    {
        services.AddSingleton(issuer);
        services.AddAuthentication(ByWhatIsBrought).AddPolicyScheme(ByWhatIsBrought, null, options => options.ForwardDefaultSelector = SchemeFor).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = DevelopmentIssuer.Issuer,
                ValidAudience = DevelopmentIssuer.Audience,
                IssuerSigningKey = issuer.Key,
                CryptoProviderFactory = new RememberedSignatures(),
                ValidTypes = ["JWT"],
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                RoleClaimType = HrmsClaims.Role,
                NameClaimType = "sub",
                RequireExpirationTime = true,
                RequireSignedTokens = true,
                ClockSkew = TimeSpan.FromSeconds(60),
            };
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(DeviceOnly, policy => policy.RequireAuthenticatedUser().RequireClaim(HrmsClaims.Role, HrmsRoles.Device)
                .RequireAssertion(context => CurrentAsker.ActorOf(context.User) is not null))
            .AddPolicy(OperatorOnly, policy => policy.RequireAuthenticatedUser().RequireClaim(HrmsClaims.Role, HrmsRoles.Operator));
        return services;
    }

    /// <summary>On people's pages the session's cookie counts and nothing else; everywhere else a bearer token, and never a cookie.</summary>
    private static string SchemeFor(HttpContext http)
    {
        if (PageHeaders.IsOfPeople(http.Request.Path))
            return IdentityConstants.ApplicationScheme;
        return http.Request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && IsAccessToken(header.AsSpan(7))
            ? OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme
            : JwtBearerDefaults.AuthenticationScheme;
    }

    private static bool IsAccessToken(ReadOnlySpan<char> token)
    {
        var header = token[..Math.Max(token.IndexOf('.'), 0)];
        if (header.Length is 0 or > 1_024 || !Base64Url.IsValid(header))
            return false;
        return Base64Url.DecodeFromChars(header).AsSpan().IndexOf(Encoding.ASCII.GetBytes(AccessTokenType)) >= 0;
    }
}
