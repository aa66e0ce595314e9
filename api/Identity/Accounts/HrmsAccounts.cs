using Hrms.Api.Auth;
using Hrms.Api.Identity.Installations;
using Hrms.Api.Identity.Keys;
using Hrms.Api.Identity.OAuth;
using Hrms.Api.Identity.OwnApp;
using Hrms.Api.Identity.Pages;
using Hrms.Api.Identity.Recovery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;

namespace Hrms.Api.Identity.Accounts;

/// <summary>ASP.NET Core Identity over our schema: how accounts are kept, and what signing in asks for.</summary>
internal static class HrmsAccounts
{
    public static void AddAccounts(this IServiceCollection services, HrmsIdentityOptions options)
    {
        services.AddDbContext<IdentityDatabase>(
            database => database.UseNpgsql(options.Postgres).ReplaceService<IModelCacheKeyFactory, ModelOfThisHost>(), ServiceLifetime.Scoped, ServiceLifetime.Singleton);
        services.AddDataProtection().SetApplicationName("hrms").PersistKeysToDbContext<IdentityDatabase>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(keys => keys.XmlEncryptor = new WrappingXmlEncryptor(provider.GetRequiredService<IKeyWrap>())));
        services.AddSingleton<ServerKeyRing>();
        services.AddHostedService(provider => provider.GetRequiredService<ServerKeyRing>());
        services.AddSingleton<IPersonalDataProtector, PersonalDataProtector>();
        services.AddSingleton<LookupProtector>();
        services.AddSingleton<ILookupProtector>(provider => provider.GetRequiredService<LookupProtector>());
        services.AddSingleton<ILookupProtectorKeyRing>(provider => provider.GetRequiredService<LookupProtector>());

        services.AddIdentityCore<Account>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.SignIn.RequireConfirmedEmail = true;
            // Length alone: NIST SP 800-63B, 3.1.1.2.
            (identity.Password.RequiredLength, identity.Password.RequiredUniqueChars) = (12, 5);
            identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
            (identity.Lockout.MaxFailedAccessAttempts, identity.Lockout.DefaultLockoutTimeSpan) = (10, TimeSpan.FromMinutes(15));
            identity.Stores.ProtectPersonalData = true;
            identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
        }).AddEntityFrameworkStores<IdentityDatabase>().AddSignInManager().AddDefaultTokenProviders().AddErrorDescriber<PasswordWords>()
            .AddTokenProvider<CodesOnce>(TokenOptions.DefaultAuthenticatorProvider);
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 210_000);
        services.Configure<SecurityStampValidatorOptions>(stamp => stamp.ValidationInterval = TimeSpan.Zero);
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null)
            .AddCookie(IdentityConstants.ApplicationScheme)
            // Nothing is ever remembered; Identity signs out of it, too, when it ends a session.
            .AddCookie(IdentityConstants.TwoFactorRememberMeScheme)
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme);
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.TwoFactorUserIdScheme).Configure<PublicAddress>((cookie, address) => ConfigureSecondFactor(cookie, address.IsSecure));
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<PublicAddress>((cookie, address) => SessionOf.Configure(cookie, address.IsSecure));
        services.AddOptions<IdentityPasskeyOptions>().Configure<PublicAddress>((passkey, address) =>
        {
            passkey.ServerDomain = address.Url.Host;
            passkey.UserVerificationRequirement = "required";
            passkey.ResidentKeyRequirement = "required";
            var origin = address.Url.GetLeftPart(UriPartial.Authority);
            passkey.ValidateOrigin = asked => ValueTask.FromResult(asked.Origin == origin && !asked.CrossOrigin);
        });
        services.AddScoped<SessionOf>();
        services.AddScoped<SignUp>();
        services.AddScoped<WaysIn>();
        services.AddScoped<Invitations>();
        services.AddScoped<IAccountsHere>(provider => provider.GetRequiredService<Invitations>());
        services.AddSingleton<Standing>();
        services.AddScoped<EndedSessions>();
        services.AddSingleton<ITokenStanding, StandingOfTokens>();
        services.AddScoped<TokensOfPeople>();
        services.AddScoped<AccountHistory>();
        services.AddScoped<InstallationHistory>();
        services.AddScoped<GoodOnce>();
        services.AddScoped<AccountRecovery>();
        services.AddSingleton<RecoveryCookies>();
        services.AddSingleton<RecoveryLinks>();
        services.AddSingleton<AccountDeletion>();
        services.AddSingleton<AccountSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<AccountSweep>());
    }

    /// <summary>Between the password and the second factor, and between a question to an authenticator and its answer.</summary>
    internal static void ConfigureSecondFactor(CookieAuthenticationOptions cookie, bool secure)
    {
        cookie.Cookie.Name = secure ? "__Host-hrms-second-factor" : "hrms-second-factor";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TimeSpan.FromMinutes(5);
    }
}
