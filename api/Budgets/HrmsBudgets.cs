using System.Globalization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Net.Http.Headers;

namespace Hrms.Api.Budgets;

public static class HrmsBudgets
{
    /// <summary>What every edge of the product charges callers to.</summary>
    public static IServiceCollection AddHrmsBudgets(this IServiceCollection services)
    {
        services.AddOptions<RequestBudgetOptions>().BindConfiguration(RequestBudgetOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IRequestBudget, RequestBudget>();
        return services;
    }

    /// <summary>RFC 9110, 10.2.3: whole seconds.</summary>
    public static void SetRetryAfter(this HttpResponse response, TimeSpan wait) =>
        response.Headers[HeaderNames.RetryAfter] = Seconds(wait).ToString(CultureInfo.InvariantCulture);

    public static int Seconds(TimeSpan wait) => (int)Math.Ceiling(wait.TotalSeconds);
}
