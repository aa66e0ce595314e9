using System.Net.WebSockets;

namespace Hrms.Api.GraphQL.Http;

/// <summary>Close codes of graphql-transport-ws, and one of ours.</summary>
internal static class GraphQLCloseStatus
{
    public const WebSocketCloseStatus BadRequest = (WebSocketCloseStatus)4400;
    public const WebSocketCloseStatus Unauthorized = (WebSocketCloseStatus)4401;
    public const WebSocketCloseStatus Forbidden = (WebSocketCloseStatus)4403;
    public const WebSocketCloseStatus InitialisationTimeout = (WebSocketCloseStatus)4408;
    public const WebSocketCloseStatus SubscriberAlreadyExists = (WebSocketCloseStatus)4409;
    public const WebSocketCloseStatus TooManyInitialisationRequests = (WebSocketCloseStatus)4429;

    /// <summary>Ours: the outgoing queue was full.</summary>
    public const WebSocketCloseStatus SlowConsumer = (WebSocketCloseStatus)4413;
}
