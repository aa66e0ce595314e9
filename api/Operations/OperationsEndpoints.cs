using Hrms.Api.Auth;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans.Dashboard;

namespace Hrms.Api.Operations;

/// <summary>
/// What operators and auditors look at, with a token of theirs: <c>/operations</c> for lanes, batches and validators, <c>/metrics</c> for a scraper, <c>/operations/orleans</c> for the Orleans dashboard. Numbers, names of types and
/// of silos; nothing of a patient's.
/// </summary>
public static class OperationsEndpoints
{
    public const string Metrics = "/metrics";
    public const string Page = "/operations";
    public const string Dashboard = "/operations/orleans";

    // What the dashboard offers beyond numbers: to call a grain's methods for its state, and to stream the log.
    private static readonly string[] Closed = [$"{Dashboard}/GrainState", $"{Dashboard}/Trace"];

    private const string History = $"{Dashboard}/HistoricalStats/";

    public static void MapHrmsOperations(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPrometheusScrapingEndpoint(Metrics).RequireAuthorization(HrmsAuthExtensions.OperatorsAndAuditors);
        endpoints.MapGet(Page, async (IGrainFactory grains, LaneCount lanes, TimeProvider clock, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
            return new RazorComponentResult<OperationsPage>(new { Seen = await SeenByOperator.NowAsync(grains, lanes, clock) });
        }).RequireAuthorization(HrmsAuthExtensions.OperatorsAndAuditors);
        endpoints.MapOrleansDashboard(Dashboard).RequireAuthorization(HrmsAuthExtensions.OperatorsAndAuditors).AddEndpointFilter(async (context, next) =>
            await IsThereAsync(context.HttpContext) ? await next(context) : Results.NotFound());
    }

    /// <summary>Not what is closed, nor a silo that there is none of: to that the dashboard fails.</summary>
    private static async Task<bool> IsThereAsync(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route } && !Closed.Contains(route)
        && (http.GetRouteValue(route.StartsWith(History, StringComparison.Ordinal) ? "path" : "address") is not string silo || (await SilosAsync(http)).Contains(silo));

    private static async Task<IEnumerable<string>> SilosAsync(HttpContext http) =>
        (await http.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts()).Keys.Select(silo => silo.ToParsableString());
}
