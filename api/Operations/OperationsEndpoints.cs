using Hrms.Api.Auth;
using Orleans.Dashboard;

namespace Hrms.Api.Operations;

/// <summary>
/// What operators look at, with an operator's token: <c>/metrics</c> for a scraper, <c>/operations/orleans</c> for the Orleans dashboard. Numbers, names of types and
/// of silos; nothing of a patient's.
/// </summary>
public static class OperationsEndpoints
{
    public const string Metrics = "/metrics";
    public const string Dashboard = "/operations/orleans";

    // What the dashboard offers beyond numbers: to call a grain's methods for its state, and to stream the log.
    private static readonly string[] Closed = [$"{Dashboard}/GrainState", $"{Dashboard}/Trace"];

    public static void MapHrmsOperations(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPrometheusScrapingEndpoint(Metrics).RequireAuthorization(HrmsAuthExtensions.OperatorOnly);
        endpoints.MapOrleansDashboard(Dashboard).RequireAuthorization(HrmsAuthExtensions.OperatorOnly).AddEndpointFilter(async (context, next) =>
            context.HttpContext.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route } && !Closed.Contains(route) ? await next(context) : Results.NotFound());
    }
}
