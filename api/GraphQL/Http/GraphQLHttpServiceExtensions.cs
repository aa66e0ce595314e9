using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Hrms.Api.GraphQL.Http;

/// <summary>Registers and maps the GraphQL endpoint for any graphql-dotnet schema that is registered as <see cref="ISchema"/>.</summary>
public static class GraphQLHttpServiceExtensions
{
    /// <summary>Registers the transport. The schema itself is registered with graphql-dotnet's own <c>AddGraphQL</c>.</summary>
    public static IServiceCollection AddGraphQLHttp(this IServiceCollection services, Action<GraphQLHttpOptions>? configure = null)
    {
        services.AddOptions<GraphQLHttpOptions>().Configure(options => configure?.Invoke(options)).Validate(Validate);
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<GraphQLHttpOptions>>().Value);
        services.TryAddSingleton<IDocumentExecuter, DocumentExecuter>();
        services.AddSingleton<global::GraphQL.Validation.IDocumentValidator, PlanningValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ResultSerializer>();
        services.TryAddSingleton<GraphQLEngine>();
        services.TryAddSingleton<EventStream>();
        services.TryAddSingleton<WebSocketEndpoint>();
        services.TryAddSingleton<GraphiQLPage>();
        services.TryAddSingleton<GraphQLHttpEndpoint>();
        services.TryAddSingleton<RequestGate>();
        services.AddSingleton<IStartupFilter>(provider => provider.GetRequiredService<RequestGate>());
        services.TryAddSingleton<FhirJsonGraphType>();
        return services;
    }

    /// <summary>
    /// Maps the endpoint: POST, GET, server-sent events and WebSocket at one path. The schema is built here, so that a wrong one
    /// stops the start and not the first request.
    /// </summary>
    public static IEndpointConventionBuilder MapGraphQLHttp(this IEndpointRouteBuilder endpoints, string path = "/graphql")
    {
        endpoints.ServiceProvider.GetRequiredService<ISchema>().Initialize();
        var endpoint = endpoints.ServiceProvider.GetRequiredService<GraphQLHttpEndpoint>();
        endpoints.ServiceProvider.GetRequiredService<RequestGate>().Path = path;
        var pipeline = endpoints.CreateApplicationBuilder().UseWebSockets();
        pipeline.Run(endpoint.HandleAsync);
        if (endpoints.ServiceProvider.GetRequiredService<GraphQLHttpOptions>().ServeGraphiQL)
            endpoints.MapGet(path + "/ui/{file}", endpoints.ServiceProvider.GetRequiredService<GraphiQLPage>().WriteFileAsync)
                .AllowAnonymous().ExcludeFromDescription();
        return endpoints.Map(path, pipeline.Build()).WithDisplayName("GraphQL");
    }

    private static bool Validate(GraphQLHttpOptions options)
    {
        foreach (object part in (object[])[options, options.Document, options.Subscriptions])
            Validator.ValidateObject(part, new ValidationContext(part), validateAllProperties: true);
        return true;
    }
}
