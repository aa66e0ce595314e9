using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Threading.RateLimiting;
using Hrms.Api.Budgets;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Installations;
using Hrms.Api.Identity.Mail;
using Hrms.Api.Identity.OAuth;
using Hrms.Api.Identity.OwnApp;
using Hrms.Api.Identity.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Net.Http.Headers;

namespace Hrms.Api.Identity;

/// <summary>Accounts, the pages where people sign in, and the OAuth server. What is behind the tokens it gives out is decided in the grains.</summary>
public static class HrmsIdentity
{
    /// <summary>The rate limit of everything that guesses could be made at, by the asker's address; of IPv6 its network of 64 bits, as budgets are.</summary>
    internal const string Tries = "tries";

    private static readonly TimeSpan TriesWindow = TimeSpan.FromMinutes(1);

    /// <summary>The composition registers storage and key wrap before this.</summary>
    public static IServiceCollection AddHrmsIdentity(this IServiceCollection services, HrmsIdentityOptions options)
    {
        Validator.ValidateObject(options, new(options), validateAllProperties: true);
        services.AddSingleton(options);
        services.AddSingleton<PublicAddress>();
        services.TryAddSingleton(TimeProvider.System);
        if (options.Smtp is not null)
            services.TryAddSingleton<IMailer, SmtpMailer>();
        services.TryAddSingleton<IMailer, OutboxMailer>();
        services.AddAccounts(options);
        services.AddOAuthServer();
        services.AddScoped<ConnectedApps>();
        services.AddScoped<ScopesOfApps>();
        services.AddScoped<Launches>();
        services.AddScoped<ILaunches>(provider => provider.GetRequiredService<Launches>());
        services.AddSingleton<SignInAsked>();
        services.AddHostedService<ClientsAtStart>();
        services.AddHostedService<SettingsAtStart>();
        services.AddHostedService<Housekeeping>();
        services.AddRazorComponents();
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(Words.Speak);
        services.AddOptions<AntiforgeryOptions>().Configure<PublicAddress>((antiforgery, address) =>
        {
            antiforgery.Cookie.Name = address.IsSecure ? "__Host-hrms-form" : "hrms-form";
            antiforgery.Cookie.SecurePolicy = address.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (context, _) =>
            {
                context.HttpContext.Response.Headers[HeaderNames.RetryAfter] = TriesWindow.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            limiter.AddPolicy(Tries, http => RateLimitPartition.GetFixedWindowLimiter(Payer.Of(http.Connection.RemoteIpAddress), _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = http.RequestServices.GetRequiredService<HrmsIdentityOptions>().TriesPerMinute, Window = TriesWindow,
            }));
        });
        return services;
    }

    /// <summary>Before authentication: headers, the name that we have, the limit of tries, and what apps cost.</summary>
    public static void UseHrmsIdentity(this WebApplication app)
    {
        app.UseWhen(http => PageHeaders.IsOurs(http.Request.Path), ours => ours.Use((http, next) =>
        {
            PageHeaders.Set(http, http.RequestServices.GetRequiredService<PublicAddress>());
            return next(http);
        }).UseRequestLocalization());
        app.UseRateLimiter();
        app.UseOAuthCosts();
    }

    /// <summary>After authentication.</summary>
    public static void MapHrmsIdentity(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapMethods(OAuthServer.Authorize, [HttpMethods.Get, HttpMethods.Post], AuthorizeEndpoint.HandleAsync).AddEndpointFilter(UnavailableAsync);
        app.MapPost(OAuthServer.Token, TokenEndpoint.HandleAsync);
        VerifyEndpoint.Map(app.MapGroup("").AddEndpointFilter(UnavailableAsync));
        SmartConfiguration.Map(app);
        SessionEndpoints.Map(app);
        var account = app.MapGroup("/account").AddEndpointFilter(UnavailableAsync);
        SignInPages.Map(account);
        PasskeyPages.Map(account);
        SignUpPages.Map(account);
        InvitationPages.Map(account);
        ForgottenPasswordPages.Map(account);
        AccountPages.Map(account);
        RecoveryPages.Map(account);
        RecoverPages.Map(account);
        account.MapGet("/style.css", () => Results.Stream(typeof(HrmsIdentity).Assembly.GetManifestResourceStream("pages/style.css")!, "text/css; charset=utf-8"));
    }

    /// <summary>What can't be written down does not happen, and the person is told so.</summary>
    private static async ValueTask<object?> UnavailableAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (NotRecordedException)
        {
            return new RazorComponentResult<Message>(new { What = "NotNow", Next = "/account", NextIs = "Home" }) { StatusCode = StatusCodes.Status503ServiceUnavailable };
        }
    }
}
