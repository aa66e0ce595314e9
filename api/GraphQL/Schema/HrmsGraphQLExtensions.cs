using GraphQL;
using GraphQL.Types;
using Hrms.Api.Budgets;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.Identity.OAuth;

namespace Hrms.Api.GraphQL.Schema;

public static class HrmsGraphQLExtensions
{
    public static IServiceCollection AddHrmsGraphQL(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<PurposeOfUseGraphType>();
        services.AddSingleton<ISchema, HrmsSchema>();
        services.AddGraphQL(graphql => graphql.AddSystemTextJson().AddAutoClrMappings());
        services.AddGraphQLHttp();
        services.AddOptions<GraphQLHttpOptions>().Configure<IRequestBudget>((options, budget) =>
            (options.Budget, options.IsTokenRefused, options.AuthenticateToken) = (budget, RefusedToken.Is, WebSocketToken.AuthenticateAsync));
        return services;
    }

    /// <summary>Open at the door, since a WebSocket brings its token inside and a browser loads the page before it has one; every field of ours asks who is there.</summary>
    public static void MapHrmsGraphQL(this IEndpointRouteBuilder endpoints) => endpoints.MapGraphQLHttp("/graphql");
}
