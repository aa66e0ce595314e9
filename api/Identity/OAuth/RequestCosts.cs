using System.Security.Claims;
using System.Text.Json;
using Hrms.Api.Budgets;
using OAuthErrors = OpenIddict.Abstractions.OpenIddictConstants.Errors;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// What apps send to the OAuth server without a person's browser is charged to the address it comes from, before any of it is read: nobody has a token yet there, and each request reads rows or writes
/// some. Pages that people send are limited by tries. Beyond the budget the answer is 429 with <c>Retry-After</c> (RFC 6585, section 4) and an OAuth error that tells an app to come back.
/// </summary>
internal static class RequestCosts
{
    /// <summary>Asking for a device code writes rows that stay for its lifetime, whoever asks.</summary>
    internal const int DeviceAuthorization = 10 * RequestCost.Question;

    private static readonly ClaimsPrincipal Nobody = new();

    // Whatever the case of its letters and with a slash behind it, as the server takes it.
    private static readonly (PathString Path, int Cost)[] Costs =
    [
        (OAuthServer.Token, RequestCost.Question), (OAuthServer.Introspect, RequestCost.Question), (OAuthServer.Revoke, RequestCost.Question), (OAuthServer.DeviceAuthorization, DeviceAuthorization),
    ];

    /// <summary>Before authentication, within which the OAuth server answers.</summary>
    public static void UseOAuthCosts(this IApplicationBuilder app)
    {
        var budget = app.ApplicationServices.GetRequiredService<IRequestBudget>();
        app.Use(next => http => HttpMethods.IsPost(http.Request.Method) && CostOf(http.Request.Path) is > 0 and var cost && budget.Admit(http, Nobody, cost) is { } wait ? RefuseAsync(http, wait) : next(http));
    }

    private static int CostOf(PathString path)
    {
        foreach (var (known, cost) in Costs)
            if (path.StartsWithSegments(known, StringComparison.OrdinalIgnoreCase))
                return cost;
        return 0;
    }

    private static async Task RefuseAsync(HttpContext http, TimeSpan wait)
    {
        var response = http.Response;
        response.SetRetryAfter(wait);
        (response.StatusCode, response.ContentType, response.Headers.CacheControl) = (StatusCodes.Status429TooManyRequests, "application/json", "no-store");
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("error", OAuthErrors.TemporarilyUnavailable);
        json.WriteString("error_description", $"This address asks for more than a minute allows. Ask again in {HrmsBudgets.Seconds(wait)} s.");
        json.WriteEndObject();
    }
}
