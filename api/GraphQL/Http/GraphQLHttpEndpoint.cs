using GraphQL;
using GraphQLParser.AST;
using Hrms.Api.Budgets;
using Hrms.Api.Errors;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.Features;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// GraphQL over HTTP (working draft of the GraphQL Foundation): one request, one answer. Everything that is refused before a resolver
/// runs is refused here or in <see cref="GraphQLEngine"/>.
/// </summary>
internal sealed class GraphQLHttpEndpoint(
    GraphQLEngine engine, ResultSerializer serializer, EventStream events, WebSocketEndpoint sockets, GraphiQLPage page,
    RequestGate gate, GraphQLHttpOptions options)
{
    /// <summary>What every answer of the endpoint carries.</summary>
    public static void SetHeaders(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = "Accept";
    }

    public async Task HandleAsync(HttpContext http)
    {
        SetHeaders(http.Response.Headers);
        if (http.WebSockets.IsWebSocketRequest)
        {
            await sockets.HandleAsync(http);
            return;
        }
        if (options.ServeGraphiQL && GraphiQLPage.IsAskedFor(http.Request))
        {
            await page.WritePageAsync(http);
            return;
        }
        var form = MediaTypes.Negotiate(http.Request);
        await (form == ResponseForm.EventStream ? AnswerAsync(http, form) : gate.PassAsync(http, form, rest => AnswerAsync(rest, form)));
    }

    private async Task AnswerAsync(HttpContext http, ResponseForm form)
    {
        var headers = http.Response.Headers;
        var (envelope, refusal) = form == ResponseForm.None
            ? (null, new GraphQLRefusal("NOT_ACCEPTABLE", "Accept application/graphql-response+json, application/json or text/event-stream.", StatusCodes.Status406NotAcceptable))
            : options.Budget.Admit(http, http.User, 1) is { } wait ? (null, GraphQLRefusal.Throttled(wait))
            : options.IsTokenRefused(http, null) ? (null, GraphQLRefusal.BadToken)
            : HttpMethods.IsPost(http.Request.Method) ? await ReadPostAsync(http)
            : HttpMethods.IsGet(http.Request.Method) && options.AllowGet ? ReadGet(http.Request)
            : (null, new GraphQLRefusal("METHOD_NOT_ALLOWED", "Send GraphQL requests by POST.", StatusCodes.Status405MethodNotAllowed));

        PreparedOperation? operation = null;
        refusal ??= engine.TryPrepare(envelope!, http, http.User, out operation) ?? CheckMethod(http.Request, operation, form);
        if (refusal is { Status: StatusCodes.Status405MethodNotAllowed })
            headers.Allow = options.AllowGet ? "GET, POST" : "POST";
        if (refusal is not null)
        {
            await RefuseAsync(http, form, refusal);
            return;
        }
        var result = await engine.ExecuteAsync(operation!, http, http.User, http.RequestServices, http.RequestAborted);
        var status = options.IsTokenRefused(http, result) ? StatusCodes.Status401Unauthorized : StatusFor(form, result.Executed);
        await (form == ResponseForm.EventStream && status != StatusCodes.Status401Unauthorized ? events.RunAsync(http, result) : WriteAsync(http, form, status, result));
    }

    private Task RefuseAsync(HttpContext http, ResponseForm form, GraphQLRefusal refusal)
    {
        if (refusal.RetryAfter is { } later)
            http.Response.SetRetryAfter(later);
        return form == ResponseForm.EventStream && refusal.Status is null
            ? events.RunAsync(http, ResultSerializer.ToResult(refusal))
            : WriteAsync(http, form, refusal.Status ?? StatusFor(form, executed: false), ResultSerializer.ToResult(refusal));
    }

    private async ValueTask<(RequestEnvelope?, GraphQLRefusal?)> ReadPostAsync(HttpContext http)
    {
        if (!MediaTypes.IsJson(http.Request.ContentType))
            return (null, new("UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json in UTF-8.", StatusCodes.Status415UnsupportedMediaType));
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null; // ours is checked while reading, with an answer in JSON
        var reading = RequestBody.ReadAsync(http.Request, options.BodySizeMaxBytes, http.RequestAborted);
        if (!reading.IsCompleted)
        {
            var coming = reading.AsTask();
            if (!await gate.WaitForCallerAsync(http, coming))
                return (null, GraphQLRefusal.Busy);
            reading = new(coming);
        }
        var body = await reading;
        if (body is null)
            return (null, new("BODY_TOO_LARGE", $"The request body is larger than {options.BodySizeMaxBytes} bytes.", StatusCodes.Status413PayloadTooLarge));
        options.Budget.Charge(http, http.User, RequestCost.OfBytes(body.Value.Length));
        return EnvelopeReader.TryRead(body.Value, options.JsonDepthMax, out var envelope) is { } refusal ? (null, refusal) : (envelope, null);
    }

    private (RequestEnvelope?, GraphQLRefusal?) ReadGet(HttpRequest request) =>
        QueryStringReader.TryRead(request.Query, options, out var envelope) is { } refusal ? (null, refusal) : (envelope, null);

    private static GraphQLRefusal? CheckMethod(HttpRequest request, PreparedOperation? operation, ResponseForm form)
    {
        if (operation is { Kind: OperationType.Mutation } && HttpMethods.IsGet(request.Method))
            return new("MUTATION_BY_GET", "Send mutations by POST.", StatusCodes.Status405MethodNotAllowed);
        if (operation is { Kind: OperationType.Subscription } && form != ResponseForm.EventStream)
            return new("SUBSCRIPTION_NEEDS_STREAM", "Subscribe over WebSocket or with Accept: text/event-stream.", StatusCodes.Status406NotAcceptable);
        return null;
    }

    private static int StatusFor(ResponseForm form, bool executed) =>
        executed || form == ResponseForm.Json ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;

    private async Task WriteAsync(HttpContext http, ResponseForm form, int status, ExecutionResult result)
    {
        using var body = serializer.Write(result);
        options.Budget.Charge(http, http.User, RequestCost.OfBytes(body.Length));
        var response = http.Response;
        response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = RefusalTable.Challenge(RefusalCode.TokenEnded);
        response.ContentType = MediaTypes.Of(form);
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body.Written, http.RequestAborted);
    }
}
