using System.Net.WebSockets;

namespace Hrms.Api.GraphQL.Http;

/// <summary>Accepts WebSockets of the sub-protocol <c>graphql-transport-ws</c> from allowed origins.</summary>
internal sealed class WebSocketEndpoint(
    GraphQLEngine engine, ResultSerializer serializer, GraphQLHttpOptions options, TimeProvider time, IHostApplicationLifetime host,
    ILogger<WebSocketEndpoint> log)
{
    private const string Protocol = "graphql-transport-ws";

    public async Task HandleAsync(HttpContext http)
    {
        if (!IsAllowedOrigin(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        if (!http.WebSockets.WebSocketRequestedProtocols.Contains(Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = Protocol,
            KeepAliveInterval = options.Subscriptions.KeepAlive,
            KeepAliveTimeout = options.Subscriptions.KeepAlive,
        });
        await using var connection = new WebSocketConnection(socket, http, engine, serializer, options, time);
        using (host.ApplicationStopping.Register(() => connection.Close(WebSocketCloseStatus.EndpointUnavailable, "The server stops")))
            await connection.RunAsync();
        log.ConnectionClosed(http.Connection.Id, (int)connection.CloseStatus, connection.OperationCount);
    }

    /// <summary>
    /// Browsers name the page's origin and send cookies along to any site; a page of another site must not subscribe with them
    /// (RFC 6455, section 10.2). Programs send no Origin.
    /// </summary>
    private bool IsAllowedOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || options.Subscriptions.AllowedOrigins.Contains(origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
